"""What leaves the archive for people to read: the relay log's page, and the family's folder."""

from bti_docs.export.folder import family_folder
from bti_docs.export.front import Paragraph
from bti_docs.export.pages import log_html
from bti_docs.export.wordfile import word_file

__all__ = ["Paragraph", "family_folder", "log_html", "word_file"]
