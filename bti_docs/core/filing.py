"""Is this return filed by itself, or does a person look at it? The rule, and its reasons.

Filed by itself only when the code is known and not yet settled, all pages are there, it shows the
signature of somebody who is still asked for, and nothing is written elsewhere. The document stays
open for those who are still asked for then. Everything else waits with reasons, which are codes
here and sentences in the message catalogues.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bti_docs.core.grouping import Group, GroupKind
from bti_docs.core.references import ArchiveName, Reference

REASONS: Final = (
    "already_settled",
    "back_written",
    "blank_only",
    "codes_disagree",
    "container_empty",
    "container_inside",
    "damaged",
    "digital_signature_unchecked",
    "docx_field_missing",
    "docx_field_wrong",
    "docx_not_ours",
    "docx_text_changed",
    "empty_file",
    "encrypted",
    "foreign_archive",
    "ink_outside",
    "mail_to_read",
    "no_code",
    "page_count_differs",
    "page_missing",
    "page_not_aligned",
    "page_twice",
    "pageless_code",
    "signature_look",
    "signature_unsure",
    "signed_changed",
    "signed_issuer_unknown",
    "signed_more_pages",
    "signed_not_whole",
    "signed_other_content",
    "signed_other_name",
    "signed_several",
    "too_large",
    "unknown_reference",
    "unreadable_kind",
)
"""Every code a `Reason` can have; each has a sentence in every language."""

READING_PROBLEMS: Final = ("damaged", "empty_file", "encrypted", "too_large", "unreadable_kind")
"""The codes that the reading of a file can end with."""

_KINDS: Final[Mapping[GroupKind, str]] = {
    "foreign": "foreign_archive",
    "disagreeing": "codes_disagree",
    "blank": "blank_only",
    "codeless": "no_code",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a person must look: a code, and what its sentence needs (pages, a signer's code)."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the archive knows of one reference."""

    reference: Reference
    pages: int
    """Of the document as issued."""
    signers: tuple[str, ...] = ()
    """The codes of all who are asked to sign."""
    signed: frozenset[str] = frozenset()
    """Those whose signature earlier returns show."""
    signs_on: Mapping[str, int] = field(default_factory=dict)
    """The page each signer's place is on, as far as it is known."""
    settled: bool = False
    """Whether it has ended: filed whole, or settled in another way."""
    by_hand: bool = False
    """Whether it is written on by hand, so that every return may say something new."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the pixels of one group of pages say, once the places are known."""

    signatures: frozenset[str] = frozenset()
    """Signers whose ink is seen."""
    doubtful: frozenset[str] = frozenset()
    """Signers in whose place there is something that a person must look at: too faint, too short, a
    stamp, a note, a line through it."""
    written_on: frozenset[int] = frozenset()
    """Printed pages with ink outside the places for it."""
    not_aligned: frozenset[int] = frozenset()
    """Printed pages that could not be laid on the issued ones, so nobody has looked for ink."""
    digital_signature: bool = False
    """Whether the file holds one; nobody has checked it."""


@dataclass(frozen=True, slots=True)
class WordReturn:
    """What a returned Word file shows, read back against the one issued."""

    archive: ArchiveName | None
    reference: Reference | None
    """From its own properties; None: not made from an official template."""
    places_changed: int = 0
    """Places where the official text differs from the issued one."""
    fields_missing: tuple[str, ...] = ()
    """Keys of required fields that are empty."""
    digital_signature: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """File it now, with the signers it shows; when that is all of them, the reference is over."""

    reference: Reference
    signatures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """It says nothing that an earlier return did not say."""

    reference: Reference


@dataclass(frozen=True, slots=True)
class Tray:
    """A person decides: all reasons at once, and a guess."""

    reasons: tuple[Reason, ...]
    guess: Reference | None = None
    seen: tuple[str, ...] = ()
    """The signers whose ink is seen all the same."""


Decision = File | Duplicate | Tray


def refuse(problems: Sequence[str]) -> Tray:
    """For a file that could not be read; *problems* are codes of `READING_PROBLEMS`."""
    return Tray(tuple(Reason(problem) for problem in problems))


def decide(group: Group, expected: Expected | None, evidence: Evidence) -> Decision:
    """What becomes of a group of pages; *expected* is None for a reference we do not have."""
    if group.kind != "document":
        return Tray((Reason(_KINDS[group.kind]),))
    if expected is None:
        return Tray((Reason("unknown_reference"),))
    paper = _paper_reasons(group, expected, evidence)
    if expected.settled:
        return _after_the_end(expected, evidence, paper)
    missing = _signatures_missing(expected, evidence)
    if not paper and (not missing or _shows_some(expected, evidence)):
        return File(expected.reference, _seen(expected, evidence))
    there = {sheet.page for sheet in group.sheets}
    visible = (signer for signer in missing if _could_be_seen(expected, signer, there))
    looks = (_look_for(signer, evidence) for signer in visible)
    return Tray((*paper, *looks), expected.reference, _seen(expected, evidence))


def decide_word(word: WordReturn, archive: ArchiveName, expected: Expected | None) -> Decision:
    """What becomes of a returned Word file."""
    if word.reference is None:
        return Tray((Reason("docx_not_ours"),))
    if word.archive != archive:
        return Tray((Reason("foreign_archive"),))
    if expected is None:
        return Tray((Reason("unknown_reference"),))
    reasons = _word_reasons(word, expected)
    return Tray(reasons, expected.reference) if reasons else File(expected.reference, ())


def _paper_reasons(group: Group, expected: Expected, evidence: Evidence) -> tuple[Reason, ...]:
    """What is wrong with the pages, whoever signed them."""
    reasons = []
    if any(sheet.page == 0 for sheet in group.sheets):
        reasons.append(Reason("pageless_code"))
    elif group.page_counts != {expected.pages}:
        reasons.append(Reason("page_count_differs", {"pages": expected.pages}))
    else:
        reasons += _page_reasons(group, expected.pages)
    reasons += [
        Reason("back_written", {"page": sheet.page})
        for sheet in group.sheets
        if any(not back.blank for back in sheet.backs)
    ]
    reasons += [Reason("page_not_aligned", {"page": n}) for n in sorted(evidence.not_aligned)]
    reasons += [Reason("ink_outside", {"page": n}) for n in sorted(evidence.written_on)]
    if evidence.digital_signature:
        reasons.append(Reason("digital_signature_unchecked"))
    return tuple(reasons)


def _page_reasons(group: Group, pages: int) -> list[Reason]:
    counts = [sum(sheet.page == number for sheet in group.sheets) for number in range(1, pages + 1)]
    return [
        Reason("page_missing" if count == 0 else "page_twice", {"page": number, "pages": pages})
        for number, count in enumerate(counts, start=1)
        if count != 1
    ]


def _signatures_missing(expected: Expected, evidence: Evidence) -> tuple[str, ...]:
    shown = expected.signed | evidence.signatures
    return tuple(signer for signer in expected.signers if signer not in shown)


def _shows_some(expected: Expected, evidence: Evidence) -> bool:
    """Whether it adds a signer, and there is no doubt about those who are still missing."""
    missing = frozenset(_signatures_missing(expected, evidence))
    adds = evidence.signatures & frozenset(expected.signers) - expected.signed
    return bool(adds) and not missing & evidence.doubtful


def _could_be_seen(expected: Expected, signer: str, there: set[int]) -> bool:
    """Whether the page with the signer's place has come at all; without page numbers, who knows."""
    page = expected.signs_on.get(signer)
    return page is None or page in there or 0 in there


def _look_for(signer: str, evidence: Evidence) -> Reason:
    """Nothing is seen in the signer's place, or something that need not be a name."""
    unsure = signer in evidence.doubtful
    return Reason("signature_unsure" if unsure else "signature_look", {"signer": signer})


def _after_the_end(
    expected: Expected, evidence: Evidence, paper: tuple[Reason, ...]
) -> Duplicate | Tray:
    """A return of what is over is a duplicate when it adds no signer and no ink."""
    adds = evidence.signatures & frozenset(expected.signers) - expected.signed
    if paper or adds or expected.by_hand:
        seen = _seen(expected, evidence)
        return Tray((Reason("already_settled"), *paper), expected.reference, seen)
    return Duplicate(expected.reference)


def _seen(expected: Expected, evidence: Evidence) -> tuple[str, ...]:
    """The signers whose ink is seen, in the order they are asked for."""
    return tuple(signer for signer in expected.signers if signer in evidence.signatures)


def _word_reasons(word: WordReturn, expected: Expected) -> tuple[Reason, ...]:
    reasons = [Reason("docx_field_missing", {"field": key}) for key in word.fields_missing]
    if word.places_changed:
        reasons.insert(0, Reason("docx_text_changed", {"places": word.places_changed}))
    if word.digital_signature:
        reasons.append(Reason("digital_signature_unchecked"))
    if expected.settled:
        reasons.insert(0, Reason("already_settled"))
    missing = _signatures_missing(expected, Evidence())
    reasons += [Reason("signature_look", {"signer": signer}) for signer in missing]
    return tuple(reasons)
