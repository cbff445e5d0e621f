"""Take in what comes back: read it, decide, file it, or let a person decide."""

from bti_docs.app.taking.inbox import take_in_file
from bti_docs.app.taking.results import Filed, InTray, Taken

__all__ = ["Filed", "InTray", "Taken", "take_in_file"]
