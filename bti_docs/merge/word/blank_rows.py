"""Rows of lists that were left to fill in by hand, in a document that is finished."""

from __future__ import annotations

from typing import Final

from bti_docs.merge.word.controls import Control, field_controls
from bti_docs.merge.word.header_rows import is_header
from bti_docs.merge.word.prompts import is_asking
from bti_docs.merge.word.tables import rows_of
from bti_docs.merge.word.text import official_text, pictures, text_of
from bti_docs.merge.word.xml import Element, W, detach

_NUMBERING: Final = frozenset(" .):–-\t\n")


def drop_blank_rows(root: Element, prompt: str) -> None:
    """Take out the rows that have controls, of which none says anything.

    A row's number is no answer. Where a list has nothing at all, its first row stays, so that the
    paper shows that nothing was written.
    """
    for table in list(root.iter(W + "tbl")):
        rows = rows_of(table)
        blank = [row for row in rows if _is_blank(row, prompt)]
        says = any(not is_header(row) for row in set(rows).difference(blank))
        for row in blank if says else blank[1:]:
            _drop(row)


def _is_blank(row: Element, prompt: str) -> bool:
    controls = list(field_controls(row))
    first = next(row.iter(W + "tc"), row)
    beside = "".join(official_text(p) for p in row.iter(W + "p") if not _is_in(p, row))
    return (
        bool(controls)
        and all(_says_nothing(one, prompt) or _numbers(one, first) for one in controls)
        and _is_number(beside)
        and not pictures(row)
    )


def _numbers(control: Control, first: Element) -> bool:
    """Whether the control holds the row's number: in the row's first cell."""
    return first in control.element.iterancestors() and _is_number(text_of(control.content))


def _is_number(text: str) -> bool:
    return all(character.isdigit() or character in _NUMBERING for character in text)


def _is_in(paragraph: Element, row: Element) -> bool:
    """Whether a control that stands in the row holds the paragraph."""
    return any(row in control.iterancestors() for control in paragraph.iterancestors(W + "sdt"))


def _says_nothing(control: Control, prompt: str) -> bool:
    value = control.value()
    return value is False or is_asking(control, prompt) or not str(value).strip()


def _drop(row: Element) -> None:
    """The row with the controls that hold nothing else."""
    holder = row.getparent()
    detach(row)
    while holder is not None and holder.tag in {W + "sdtContent", W + "sdt"}:
        outer = holder.getparent()
        if next(holder.iter(W + "tr"), None) is not None:
            break
        detach(holder)
        holder = outer
