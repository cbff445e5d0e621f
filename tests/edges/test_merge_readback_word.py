"""The shipped minutes as they come back from Word: filled in, re-saved, and mistreated."""

from __future__ import annotations

import pytest
from lxml import etree

from bti_docs.merge import ReadBack
from tests.edges.minutes_samples import MEASURE, as_issued, back, measure
from tests.edges.word_habits import Desk
from tests.edges.word_marks import W


def codes(read: ReadBack) -> list[str]:
    return [problem.code for problem in read.problems]


def untouched(read: ReadBack) -> None:
    assert (read.values, read.rows) == (as_issued().values, as_issued().rows)
    assert (read.changes, read.problems) == ((), ())


# --- filled in --------------------------------------------------------------------------------


def test_minutes_give_measures_owners_deadlines_next_meeting_and_relay_holder() -> None:
    def finish(desk: Desk) -> None:
        measure(0)(desk)
        desk.pick_date("tiltak.frist", "2026-12-10", "10.12.2026")
        desk.pick_date("neste_moete.dato", "2027-01-21", "torsdag 21. januar")
        desk.choose("neste_moete.type", "Evalueringsmøte")
        desk.type_into("ny_stafettholder.navn", "Kari Prøvesen")
        desk.type_into("stemme.tekst", "Jeg vil ha en voksen der.\nHelst Mona.")

    read = back(finish, Desk.autocorrect)
    assert read.rows["tiltak"] == [MEASURE]
    assert read.values["neste_moete.dato"] == "2027-01-21"
    assert read.values["neste_moete.type"] == "evaluering"
    assert read.values["ny_stafettholder.navn"] == "Kari Prøvesen"
    assert read.values["stemme.tekst"] == "Jeg vil ha en voksen der.\nHelst Mona."
    assert read.values["moete.dato"] == "2026-12-03"
    assert (read.changes, read.problems) == ((), ())


@pytest.mark.parametrize(
    "shown", ["21.1.2027", "21. jan. 2027", "torsdag 21. januar 2027", "21/1-27"]
)
def test_a_date_is_read_however_it_is_written(shown: str) -> None:
    read = back(lambda d: d.type_into("neste_moete.dato", shown))
    assert read.values["neste_moete.dato"] == "2027-01-21"


def test_what_is_seen_counts_and_not_what_the_calendar_says() -> None:
    read = back(lambda d: d.pick_date("neste_moete.dato", "2027-01-21", "28.01.2027"))
    assert read.values["neste_moete.dato"] == "2027-01-28"
    for text in ("i uke 3", "31.02.2027", "21. mandag 2027", "21. januar"):
        assert (
            back(lambda d, t=text: d.type_into("neste_moete.dato", t)).values["neste_moete.dato"]
            == text
        )


def test_an_emptied_control_says_nothing_in_words_own_words() -> None:
    read = back(lambda d: d.clear("moete.sted"), lambda d: d.clear("neste_moete.type"))
    assert (read.values["moete.sted"], read.values["neste_moete.type"]) == ("", "")
    assert (read.changes, read.problems) == ((), ())


# --- rows -------------------------------------------------------------------------------------


def test_words_own_plus_adds_a_measure() -> None:
    untouched(back(lambda d: d.plus("tiltak"), lambda d: d.plus("deltakere")))
    five = [{**MEASURE, "nr": str(n)} for n in range(1, 6)]
    fill = [measure(n, row) for n, row in enumerate(five)]
    read = back(lambda d: d.plus("tiltak"), *fill)
    assert read.rows["tiltak"] == five
    assert (read.changes, read.problems) == ((), ())


def test_rows_deleted_copied_and_typed() -> None:
    texts = ("2", "Lese", "Lesestund", "Skole", "Ola Eksempel", "1.2.2027", "")
    read = back(
        measure(0),
        lambda d: d.delete_row("tiltak", 3),
        lambda d: d.copy_row("tiltak", 0),
        lambda d: d.type_row("tiltak", *texts),
    )
    typed = dict(zip(MEASURE, texts, strict=True)) | {"frist": "2027-02-01"}
    assert read.rows["tiltak"] == [MEASURE, MEASURE, typed]
    assert (read.changes, read.problems) == ((), ())
    read = back(*[lambda d: d.delete_row("tiltak", 0)] * 4)
    assert (read.rows["tiltak"], read.changes, read.problems) == ([], (), ())


def test_a_row_pasted_from_another_table() -> None:
    read = back(lambda d: d.paste_row("forrige_tiltak", 0, "tiltak"))
    assert read.rows["forrige_tiltak"] == as_issued().rows["forrige_tiltak"]
    (row,) = read.rows["tiltak"]
    assert (row["nr"], row["tiltak"]) == ("1", "forrige_tiltak tiltak 1 kort")
    assert row["ansvarlig"] == "forrige_tiltak ansvarlig 1 kort"
    left = {change.after for change in read.changes}  # a measure has no result yet
    assert left == {"forrige_tiltak resultat 1 kort", "Videreføres"}


# --- mistreated -------------------------------------------------------------------------------


def test_a_control_around_its_paragraph_or_its_cell() -> None:
    untouched(back(Desk.lift_to_paragraphs))
    untouched(back(Desk.lift_to_cells))
    read = back(measure(0), lambda d: d.plus("tiltak"), Desk.lift_to_cells)
    assert read.rows["tiltak"] == [MEASURE]


def test_text_typed_beside_a_control() -> None:
    read = back(
        measure(0),
        lambda d: d.type_beside("tiltak.ansvarlig", " og Ola Eksempel"),
        lambda d: d.type_beside("moete.sted", " (2. etasje)"),
        lambda d: d.type_beside("stemme.tekst", "Jeg vil være med."),
        lambda d: d.type_beside("situasjon.vurdering", " Vi fortsetter."),
    )
    assert read.rows["tiltak"][0]["ansvarlig"] == "Kari Prøvesen, Skole og Ola Eksempel"
    assert read.values["moete.sted"] == f"{as_issued().values['moete.sted']} (2. etasje)"
    assert read.values["stemme.tekst"] == "Jeg vil være med."
    assert str(read.values["situasjon.vurdering"]).endswith(" Vi fortsetter.")
    assert (read.changes, read.problems) == ((), ())
    (change,) = back(lambda d: d.type_beside("moete.slutt", " omtrent")).changes
    assert change.after == "til omtrent"  # two fields share the cell: whose is it?


def test_a_control_deleted_by_mistake() -> None:
    read = back(lambda d: d.delete_control("neste_moete.innkaller", text=False))
    assert codes(read) == ["rb_control_missing"]
    read = back(lambda d: d.delete_control("neste_moete.innkaller"))
    assert codes(read) == ["rb_control_missing"]
    assert [change.after for change in read.changes] == ["Stafettholder"]
    read = back(measure(0), lambda d: d.delete_control("tiltak.ansvarlig"))
    assert (read.rows["tiltak"], codes(read)) == ([MEASURE], [])


def test_a_control_copied() -> None:
    copied = lambda d: d.copy_control("moete.sted", "Dette ble vi enige om")  # noqa: E731
    untouched(back(copied))
    untouched(back(copied, lambda d: d.clear("moete.sted", 1)))
    read = back(copied, lambda d: d.type_into("moete.sted", "Biblioteket", 1))
    assert codes(read) == ["rb_two_values"]
    read = back(measure(0), lambda d: d.copy_control("tiltak.tiltak", "Kari Prøvesen, Skole"))
    assert read.rows["tiltak"][0]["tiltak"] == "Møter i porten"
    assert read.rows["tiltak"][0]["ansvarlig"] == "Kari Prøvesen, Skole"


def test_a_control_inside_another() -> None:
    place = str(as_issued().values["moete.sted"])
    read = back(
        lambda d: d.type_into("uenighet", "Vi møtes i "),
        lambda d: d.nest("moete.sted", "uenighet", moved=False),
    )
    assert read.values["uenighet"] == f"Vi møtes i {place}"
    assert read.values["moete.sted"] == place
    assert (read.changes, read.problems) == ((), ())
    read = back(lambda d: d.nest("moete.sted", "situasjon.vurdering", moved=True))
    assert read.values["moete.sted"] == place
    assert str(read.values["situasjon.vurdering"]).endswith(place)
    assert codes(read) == []


# --- reviewed ---------------------------------------------------------------------------------


def test_tracked_changes_are_read_as_accepted_and_said() -> None:
    read = back(lambda d: d.track_insertion("Dette ble vi enige om", " i dag"))
    assert codes(read) == ["rb_tracked_changes"]
    assert [change.after for change in read.changes] == ["Dette ble vi enige om i dag"]
    read = back(
        measure(0), measure(1, {"tiltak": "Nei"}), lambda d: d.mark_row_deleted("tiltak", 1)
    )
    assert (read.rows["tiltak"], codes(read)) == ([MEASURE], ["rb_tracked_changes"])


def test_comments_are_said() -> None:
    read = back(lambda d: d.comment("Dette ble vi enige om"))
    assert (codes(read), read.changes) == (["rb_comments"], ())
    assert read.problems[0].severity == "warning"


def test_changed_official_text() -> None:
    def reword(desk: Desk) -> None:
        (text,) = [t for t in desk.root.iter() if (t.text or "").startswith("Er noe feil")]
        text.text = text.text.replace("Meld fra", "Ikke meld fra")

    (change,) = back(reword, Desk.autocorrect).changes
    assert "Ikke meld fra" in change.after
    assert "Ikke meld fra" not in change.before


def test_a_picture_that_was_pasted_in_is_a_change() -> None:
    def paste(desk: Desk) -> None:
        run = etree.SubElement(desk.paragraph("Dette ble vi enige om"), f"{W}r")
        etree.SubElement(run, f"{W}drawing")

    (change,) = back(paste).changes
    assert (change.before, change.after) == ("", "\ufffc")


def test_an_arrow_that_autocorrection_made() -> None:
    def arrow(desk: Desk) -> None:
        desk.type_into("beslutning.tekst", "Skole ")
        run = desk.control("beslutning.tekst").find(f".//{W}r")
        etree.SubElement(run, f"{W}sym", {f"{W}font": "Wingdings", f"{W}char": "F0E0"})

    assert back(arrow).values["beslutning.tekst"] == "Skole →"
