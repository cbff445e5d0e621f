"""The shipped minutes before a meeting, and what people do to them in Word."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from bti_docs.merge import ReadBack, Template
from tests.edges.word_habits import Desk, done
from tests.paper_samples import FOLDER, case, filled, making, values

Act = Callable[[Desk], object]
LONG = ("stemme.tekst", "situasjon.naa", "uenighet")
MEASURE = {
    "nr": "1", "maal": "Trygg start", "tiltak": "Møter i porten", "arena": "Skole",
    "ansvarlig": "Kari Prøvesen, Skole", "frist": "2026-12-10", "evalueres": "2027-01-21",
}  # fmt: skip


@cache
def minutes() -> Template:
    return Template.open(FOLDER / "REF.nb.docx")


@cache
def issued() -> bytes:
    """Minutes before the meeting: an old measure, four blank rows for new ones."""
    given = values("REF", rows=1) | dict.fromkeys(LONG, "") | {"tiltak": [], "neste_moete.dato": ""}
    return filled(making("REF", "nb", case()), given)


@cache
def as_issued() -> ReadBack:
    return minutes().read_back(issued(), issued=issued())


def back(*acts: Act) -> ReadBack:
    return minutes().read_back(done(issued(), *acts), issued=issued())


def measure(row: int, values: dict[str, str] = MEASURE) -> Act:
    """Fill in a row of measures."""

    def act(desk: Desk) -> None:
        for key, text in values.items():
            desk.type_into(f"tiltak.{key}", text, row)

    return act
