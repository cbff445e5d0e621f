"""The archive on disk: chains of events and documents, Til avklaring, and the check of it all."""

from bti_docs.archive.checkpoint import Checkpoint, checkpoint_lines, checkpoint_text
from bti_docs.archive.store import Archive
from bti_docs.archive.tray import item_id
from bti_docs.archive.verify import Finding, VerifyReport, verify

__all__ = [
    "Archive",
    "Checkpoint",
    "Finding",
    "VerifyReport",
    "checkpoint_lines",
    "checkpoint_text",
    "item_id",
    "verify",
]
