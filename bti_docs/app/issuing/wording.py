"""What has changed, as one line of a sentence: «Klasse: «5A» → «6A»; Telefon: …»."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from bti_docs.core.intake_changes import Change

_MOST: Final = 8
"""Changes that are named; the rest are counted."""


def changes_text(changes: Sequence[Change], say: Callable[..., str]) -> str:
    """The changes in words; what has no words of its own is told by `change_other`."""
    told = [_change_text(change, say) for change in changes[:_MOST]]
    left = len(changes) - _MOST
    told += [say("change_more", count=left)] if left > 0 else []
    return "; ".join(told) or say("change_other")


def _change_text(change: Change, say: Callable[..., str]) -> str:
    old, new = change.old, change.new
    if change.kind == "value":
        old, new = (f"«{text}»" if text else say("change_nothing") for text in (old, new))
    return say(f"change_{change.kind}", label=change.label, old=old, new=new)
