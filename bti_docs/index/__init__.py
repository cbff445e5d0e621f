"""The index: a SQLite cache beside the archive, thrown away and built again at will."""

from bti_docs.index.cache import Act, Index

__all__ = ["Act", "Index"]
