"""Issue documents: plan every letter, make Word file and PDF, write the act, fill the outbox."""

from bti_docs.app.issuing.issue import issue
from bti_docs.app.issuing.run import Issued, IssueResult

__all__ = ["IssueResult", "Issued", "issue"]
