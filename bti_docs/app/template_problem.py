"""One thing to put right in a template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bti_docs.merge import Place


@dataclass(frozen=True, slots=True)
class TemplateProblem:
    """One thing to put right in a template. The sentence is made from `code` and `params`."""

    code: str
    severity: str
    """error, warning or info."""
    place: Place | None = None
    """Where in the Word file; None when it is about the file as a whole."""
    params: Mapping[str, str | int] = field(default_factory=dict)
    suggestion: str = ""
    """What to write instead, when that can be said."""
