"""The one room that writes to disk, and the promise it keeps.

**A file is there whole, or not at all; and no file is ever written over.** `publish` writes every
new file of a batch under a temporary name in its own folder, makes it durable, reads it back, and
only then gives it its final name with an operation that fails when the name exists. Then it makes
the folder durable. Whoever kills the program between two steps leaves at most temporary files
(`.tmp-…`, swept after a day) and whole files; doing the same thing again finishes the work.

Derived files (a page made from the archive, a checksum list) are the exception: `rewrite` replaces
them in one step, so a reader sees the old or the new, never a half.

Everything goes through a `Disk`, whose primitive steps each call `_step` first, so that tests can
record them and break at any of them.
"""

from bti_docs.files.disk import TEMPORARY, Disk
from bti_docs.files.publish import (
    NameTaken,
    NewFile,
    ensure_folder,
    file_digest,
    is_older,
    listing,
    make_folder_exclusive,
    mark,
    name_folder,
    publish,
    read,
    remove,
    remove_folder,
    rewrite,
    sweep_leftovers,
    sync_folder,
    temporary_folder,
)

__all__ = [
    "TEMPORARY",
    "Disk",
    "NameTaken",
    "NewFile",
    "ensure_folder",
    "file_digest",
    "is_older",
    "listing",
    "make_folder_exclusive",
    "mark",
    "name_folder",
    "publish",
    "read",
    "remove",
    "remove_folder",
    "rewrite",
    "sweep_leftovers",
    "sync_folder",
    "temporary_folder",
]
