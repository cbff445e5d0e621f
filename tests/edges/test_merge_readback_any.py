"""Whatever the minutes say and however they are saved, they are read as they were written."""

from __future__ import annotations

import random
import unicodedata
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.edges.minutes_samples import MEASURE, minutes
from tests.edges.word_habits import Desk
from tests.paper_samples import case, filled, making, values

TEXT = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=9
).map(lambda text: unicodedata.normalize("NFC", text))
SENTENCE = st.lists(TEXT, min_size=1, max_size=4).map(" ".join)
ROW = st.fixed_dictionaries(
    {
        "nr": st.integers(1, 99).map(str),
        **dict.fromkeys(("maal", "tiltak", "arena", "ansvarlig"), SENTENCE),
        **dict.fromkeys(("frist", "evalueres"), st.dates().map(str)),
    }
)


@given(
    st.lists(ROW, max_size=5),
    st.lists(SENTENCE, min_size=1, max_size=3).map("\n".join),
    st.integers(0, 2**32).map(random.Random),
    st.integers(0, 4),
    st.integers(0, 2),
)
@settings(max_examples=25, deadline=None)
def test_minutes_come_back_from_any_save(
    rows: list[dict[str, str]], text: str, chance: random.Random, deleted: int, added: int
) -> None:
    given: dict[str, Any] = values("REF", rows=1) | {"tiltak": rows, "beslutning.tekst": text}
    made = filled(making("REF", "nb", case()), given)
    want = minutes().read_back(made, issued=made)
    assert [_plain(row) for row in want.rows["tiltak"]] == [_plain(row) for row in rows]
    assert _words(want.values["beslutning.tekst"]) == _words(text)

    desk = Desk(made)
    expected = list(want.rows["tiltak"])
    for _ in range(min(deleted, len(desk.rows("tiltak")) - 1)):
        at = chance.randrange(len(desk.rows("tiltak")))
        desk.delete_row("tiltak", at)
        del expected[at : at + 1]
    for _ in range(added):
        desk.plus("tiltak")
        desk.type_into("tiltak.maal", "Nytt mål", len(desk.rows("tiltak")) - 1)
        expected.append({**dict.fromkeys(MEASURE, ""), "maal": "Nytt mål"})
    desk.autocorrect()
    desk.save_again(chance)
    read = minutes().read_back(desk.saved(), issued=made)
    assert read.rows["tiltak"] == expected
    assert read.values == want.values
    assert (read.changes, read.problems) == ((), ())


def _plain(row: dict[str, Any]) -> dict[str, list[str]]:
    return {key: _words(value) for key, value in row.items()}


def _words(value: object) -> list[str]:
    return str(value).split()
