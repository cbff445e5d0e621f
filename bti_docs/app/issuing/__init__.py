"""Issue documents: plan every letter, make Word file and PDF, write the act, fill the outbox."""

from bti_docs.app.issuing.issue import Issued, IssueResult, issue

__all__ = ["IssueResult", "Issued", "issue"]
