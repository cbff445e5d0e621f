"""What a new version of a Word file changes: text by paragraph, controls, pictures, styles."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from lxml import etree

from bti_docs.merge.language.tags import own_text
from bti_docs.merge.lint.controls_lint import lock_of
from bti_docs.merge.lint.paragraph_looks import (
    LookChange,
    ParagraphLooks,
    changes,
    letter_looks,
    look_changes,
    looks_of_paragraph,
)
from bti_docs.merge.lint.whole import Whole, lay_open
from bti_docs.merge.word.controls import Control, field_controls
from bti_docs.merge.word.findings import Place
from bti_docs.merge.word.parts import TextPart
from bti_docs.merge.word.xml import WP, A, Element, R, W

_ALIKE: Final = 0.5
"""From how much of it on a paragraph counts as the same one, worded anew."""

_LONG: Final = 60

What = Literal["text", "look", "control", "lock", "picture", "style"]
How = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was."""

    what: What
    how: How
    old: str
    new: str
    place: Place
    """In the new file; of what was removed, in the old one."""
    looks: tuple[LookChange, ...] = ()
    """What looks otherwise now: of a style, or of the paragraph that `new` is."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    place: Place
    looks: ParagraphLooks


def compare(old: bytes, new: bytes, *, language: str) -> tuple[Difference, ...]:
    """What changed between two versions of a template.

    Raises:
        MergeError: As `Template.open`.
    """
    before, after = lay_open(old, language), lay_open(new, language)
    return (
        *_texts(before, after),
        *_listed("control", _controls(before), _controls(after)),
        *_locks(before, after),
        *_listed("picture", _pictures(before), _pictures(after)),
        *_styles(before, after),
    )


# --- text --------------------------------------------------------------------------------------


def _texts(before: Whole, after: Whole) -> Iterator[Difference]:
    old, new = _stories(before), _stories(after)
    found: list[Difference] = []
    looks: list[Difference] = []
    for spot in dict.fromkeys([*new, *old]):
        for one in _story(old.get(spot, ()), new.get(spot, ())):
            (looks if one.what == "look" else found).append(one)
    yield from _with_moves(found)
    yield from looks


def _stories(whole: Whole) -> Mapping[tuple[str, str], Sequence[_Line]]:
    """The paragraphs with text by where they are: in the text, on the first page's top."""
    found: dict[tuple[str, str], list[_Line]] = {}
    for _, root in whole.shown():
        for paragraph in root.iter(W + "p"):
            place, text = whole.atlas.paragraphs[paragraph], " ".join(own_text(paragraph).split())
            if text:
                line = _Line(text, place, looks_of_paragraph(paragraph))
                found.setdefault((place.kind, place.role), []).append(line)
    return found


def _story(old: Sequence[_Line], new: Sequence[_Line]) -> Iterator[Difference]:
    matcher = SequenceMatcher(None, [o.text for o in old], [n.text for n in new], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            yield from _block(old[a:b], new[c:d])
            continue
        for before, after in zip(old[a:b], new[c:d], strict=True):
            yield from _look(before, after)


def _look(old: _Line, new: _Line) -> Iterator[Difference]:
    found = tuple(look_changes(old.looks, new.looks, same_text=old.text == new.text))
    if found:
        yield Difference("look", "changed", new.text, new.text, new.place, found)


def _block(old: Sequence[_Line], new: Sequence[_Line]) -> Iterator[Difference]:
    """What stands in one place now, and what stood there: the most alike belong together."""
    left = list(old)
    alone = len(old) == len(new) == 1
    for line in new:
        alike = [1.0] if alone else [_likeness(one.text, line.text) for one in left]
        most = max(alike, default=0.0)
        if most >= _ALIKE:
            twin = left.pop(alike.index(most))
            yield Difference("text", "changed", twin.text, line.text, line.place)
            yield from _look(twin, line)
        else:
            yield Difference("text", "added", "", line.text, line.place)
    for line in left:
        yield Difference("text", "removed", line.text, "", line.place)


def _likeness(one: str, other: str) -> float:
    """How much of two texts is the same: of long ones by words, in a fraction of the time."""
    by_words = max(len(one), len(other)) > _LONG
    first, second = (one.split(), other.split()) if by_words else (list(one), list(other))
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    bounds = (matcher.real_quick_ratio, matcher.quick_ratio)
    return matcher.ratio() if all(bound() >= _ALIKE for bound in bounds) else 0.0


def _with_moves(found: Iterable[Difference]) -> Iterator[Difference]:
    """What was taken out in one place and put in as it was in another has been moved."""
    everything = list(found)
    gone = [one for one in everything if one.how == "removed"]
    moved: list[Difference] = []
    for one in everything:
        twin = next((g for g in gone if g.old == one.new), None) if one.how == "added" else None
        if twin is not None:
            gone.remove(twin)
            moved.append(Difference("text", "moved", twin.old, one.new, one.place))
        elif one.how != "removed":
            moved.append(one)
    yield from (*moved, *gone)


# --- what is not text --------------------------------------------------------------------------

_Listed = Mapping[str, tuple[str, Place]]
"""Name → what is compared, and where it is."""


def _listed(what: What, old: _Listed, new: _Listed) -> Iterator[Difference]:
    for name, (shown, place) in new.items():
        if name not in old:
            yield Difference(what, "added", "", shown, place)
        elif old[name][0] != shown:
            yield Difference(what, "changed", old[name][0], shown, place)
    for name, (shown, place) in old.items():
        if name not in new:
            yield Difference(what, "removed", shown, "", place)


def _controls(whole: Whole) -> _Listed:
    return {
        name: (_called(one), whole.atlas.of(one.element, part))
        for name, part, one in _each_control(whole)
    }


def _each_control(whole: Whole) -> Iterator[tuple[str, TextPart, Control]]:
    """The controls with names to know them again by: the field, and which one of its controls."""
    seen: dict[str, int] = {}
    for part, root in whole.roots.items():
        for one in field_controls(root):
            name = one.tag or one.alias
            seen[name] = seen.get(name, 0) + 1
            yield f"{name} {seen[name]}", part, one


def _called(one: Control) -> str:
    return f"{one.alias} ({one.tag})" if one.alias and one.tag else one.tag or one.alias


def _locks(before: Whole, after: Whole) -> Iterator[Difference]:
    """Controls that are in both versions, and let people do other things now."""
    old = {name: lock_of(one) for name, _, one in _each_control(before)}
    for name, part, one in _each_control(after):
        now = lock_of(one)
        if old.get(name, now) != now:
            place = after.atlas.of(one.element, part)
            change = LookChange(_called(one), old[name], now)
            yield Difference("lock", "changed", old[name], now, place, (change,))


def _pictures(whole: Whole) -> _Listed:
    """Pictures by their own bytes; shown by their alternative text."""
    found: dict[str, tuple[str, Place]] = {}
    for part, root in whole.shown():
        targets = {one.id: one.target for one in whole.package.relationships(part.name)}
        for drawing in root.iter(W + "drawing"):
            said = " ".join(d.get("descr", "") for d in drawing.iter(WP + "docPr")).strip()
            for picture in drawing.iter(A + "blip"):
                target = targets.get(picture.get(R + "embed", ""), "")
                content = whole.package.members.get(target, b"")
                name = f"{said} {hashlib.sha256(content).hexdigest()}"
                found.setdefault(name, (said or target, whole.atlas.of(drawing, part)))
    return found


def _styles(before: Whole, after: Whole) -> Iterator[Difference]:
    """Styles that the text has in both versions, and that look otherwise now; and the defaults."""
    old = {one.id: one for one in before.looks.used([root for _, root in before.shown()])}
    for one in after.looks.used([root for _, root in after.shown()]):
        was = old.get(one.id)
        if was is not None and _canonical(was.element) != _canonical(one.element):
            place = Place("styles", kind="styles", style=one.name)
            looks = _changed_letters(was.element.find(W + "rPr"), one.element.find(W + "rPr"))
            yield Difference("style", "changed", was.name, one.name, place, looks)
    looks = _changed_letters(before.looks.defaults, after.looks.defaults)
    if looks:
        yield Difference("style", "changed", "", "", Place("styles", kind="styles"), looks)


def _changed_letters(old: Element | None, new: Element | None) -> tuple[LookChange, ...]:
    return tuple(changes(letter_looks(old), letter_looks(new)))


def _canonical(element: Element) -> bytes:
    return etree.tostring(element, method="c14n")
