"""That looking at twice as much takes about twice as long."""

from __future__ import annotations

import random
from collections.abc import Callable
from time import process_time

import pytest

from bti_docs.merge import print_form
from bti_docs.merge.lint.compare import compare
from bti_docs.merge.lint.whole import lay_open
from bti_docs.merge.readback import official
from bti_docs.merge.readback.official import OfficialText
from tests.edges.docx_samples import docx, p, r, sdt, tbl, tr


def look_at_rows(count: int) -> Callable[[], object]:
    template = docx(tbl(*[tr(p("a"), p("b"), p("c")) for _ in range(count)]))
    return lambda: lay_open(template, "nb")


def compare_alike(count: int) -> Callable[[], object]:
    texts = OfficialText(("Tiltak",) * (count * 20), frozenset(), frozenset())
    return lambda: official.compare(texts, texts)


def drop_blanks(count: int) -> Callable[[], object]:
    row = tr(f"<w:p>{sdt('t.a', 'A', r('Skriv her'))}</w:p>")
    rows = [row.replace("t.a", f"t.a{n * 7919}") for n in range(count)]  # no zip bomb
    minutes = docx(tbl(*rows, columns=1))
    return lambda: print_form(minutes, finished=True)


@pytest.mark.parametrize("work", [look_at_rows, compare_alike, drop_blanks])
def test_time_grows_with_size_and_not_with_its_square(
    work: Callable[[int], Callable[[], object]],
) -> None:
    few, many = work(100), work(800)
    assert _fastest(many) < 25 * max(_fastest(few), 0.0005)


def _fastest(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(3):
        start = process_time()
        work()
        taken.append(process_time() - start)
    return min(taken)


def test_two_templates_that_share_nothing_are_soon_compared() -> None:
    chance = random.Random(1)  # noqa: S311

    def text() -> str:
        words = ("".join(chance.choices("abcdefghijklmno", k=6)) for _ in range(20))
        return p(" ".join(words))

    old, new = (docx("".join(text() for _ in range(80))) for _ in range(2))
    start = process_time()
    found = compare(old, new, language="nb")
    assert sorted({one.how for one in found}) == ["added", "removed"]
    assert len(found) == 160
    assert process_time() - start < 4


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("abcd", "abxd", [("c", "x", 3)]),
        ("abcd", "abd", [("c", "", 3)]),
        ("abd", "abcd", [("", "c", 3)]),
        ("aa", "aaa", [("", "a", 3)]),
        ("aaa", "aa", [("a", "", 3)]),
        ("ab", "ba", [("", "b", 1), ("b", "", 3)]),
        ("", "a", [("", "a", 1)]),
        ("abcde", "xbcdy", [("a", "x", 1), ("e", "y", 5)]),
        ("abc", "abc", []),
    ],
)
def test_where_the_official_text_differs(
    before: str, after: str, told: list[tuple[str, str, int]]
) -> None:
    one, other = (OfficialText(tuple(t), frozenset(), frozenset()) for t in (before, after))
    found = official.compare(one, other)
    assert [(change.before, change.after, change.place.paragraph) for change in found] == told


def test_long_paragraphs_are_the_same_when_half_their_words_are() -> None:
    old = "Vi deler bare det som er nødvendig for å hjelpe barnet, og bare med dem som er nevnt."
    half = old.replace("nødvendig", "viktig").replace("nevnt.", "nevnt under.")
    other = "Kommunen oppbevarer papirene i arkivet så lenge loven krever, og sletter dem så."
    new = docx(p(other) + p(half))
    found = compare(docx(p(old) + p("x")), new, language="nb")
    assert ("changed", old, half) in [(one.how, one.old, one.new) for one in found]
    assert ("added", "", other) in [(one.how, one.old, one.new) for one in found]
