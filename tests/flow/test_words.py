"""Minutes finished in Word are read back into the log; other Word files wait for a person."""

from __future__ import annotations

import io
import zipfile

import pytest

from bti_docs.app.office import Office
from bti_docs.core.events import ChainId
from bti_docs.core.model import Case, Document
from bti_docs.core.prefill import known_case, started_row
from tests.flow.offices import (
    assert_sound,
    batch,
    case,
    docx_of,
    drop,
    issue_all,
    minutes,
    papers,
    team_minutes,
    written,
)

TEXTS = {
    "moete.slutt": "10:00", "moete.referent": "Rita Test, Skole",
    "stemme.tekst": "Jeg vil ha en voksen i garderoben.", "stemme.hvordan": "Kari var med i møtet",
    "hjemmet.syn": "Roligere morgener", "situasjon.naa": "Kommer hver dag",
    "situasjon.vurdering": "Rutinen virker", "beslutning.tekst": "Vi fortsetter i seks uker.",
    "informeres": "Siv forteller Kari i dag",
    "nivaa.videre": "Nivå 3 – samordning av flere tjenester",
    "neste_moete.dato": "21.01.2027", "neste_moete.type": "Evalueringsmøte",
    "ny_stafettholder.navn": "Nils Testesen", "ny_stafettholder.tjeneste": "Skole",
    "kopi_til": "Foresatte",
}  # fmt: skip
ROWS = {
    "deltakere": [
        {"navn": "Siv Stafett", "rolle": "Stafettholder", "tjeneste": "Skole",
         "status": "til stede"},
        {"navn": "Mona Prøvesen", "rolle": "Mor"},
    ],
    "tiltak": [
        {"nr": str(n), "maal": f"Mål {n}", "tiltak": f"Tiltak {n}",
         "ansvarlig": "Siv Stafett, Skole", "frist": f"{n}.12.2026"}
        for n in range(1, 6)
    ],
}  # fmt: skip


@pytest.fixture
def paper(office: Office) -> Document:
    """Minutes that are issued and not yet written."""
    issue_all(office, batch([case()], [minutes()]))
    return papers(office, "REF")[0][1]


def the_case(office: Office) -> Case:
    return office.case(office.archive.chains()[0])


def reasons(office: Office) -> list[str]:
    bodies = [office.archive.tray_get(item) or {} for item in office.archive.tray_items()]
    return [reason["code"] for body in bodies for reason in body["reasons"]]


def test_before_the_meeting_the_minutes_say_nothing(office: Office, paper: Document) -> None:
    found = the_case(office)
    assert (found.measures, found.meetings, found.level) == ((), (), "2")
    assert paper.waits_for == "completed"


def test_finished_in_word_they_feed_the_log(office: Office, paper: Document) -> None:
    data = written(docx_of(office, paper.ref), TEXTS, ROWS)
    taken = drop(office, "Referat fra møtet.docx", data)
    assert [f.ref for f in taken.filed] == [paper.ref], reasons(office)
    found = the_case(office)
    assert [(m.goal, m.measure, m.due) for m in found.measures][-1] == (
        "Mål 5", "Tiltak 5", "2026-12-05",
    )  # fmt: skip
    assert len(found.measures) == 5
    held, ahead = found.meetings
    assert (held.date, held.planned, held.end) == ("2026-11-23", False, "10:00")
    assert [p["status"] for p in held.participants] == ["til_stede", ""]
    assert (ahead.date, ahead.planned, ahead.type) == ("2027-01-21", True, "evaluering")
    assert found.child_voice[0]["text"] == "Jeg vil ha en voksen i garderoben."
    assert found.decisions[0]["text"] == "Vi fortsetter i seks uker."
    assert found.level == "3"
    assert found.baton
    assert found.baton.holder.name == "Siv Stafett"
    assert found.offered
    assert found.offered.holder.name == "Nils Testesen"
    finished = found.document(paper.ref)
    assert finished
    assert finished.waits_for == "sent"
    assert finished.record["neste_moete.dato"] == "2027-01-21"
    assert finished.record["moete.dato"] == "2026-11-23"
    assert_sound(office)


def test_the_next_minutes_are_printed_with_what_the_log_has_come_to(
    office: Office, paper: Document
) -> None:
    drop(office, "a.docx", written(docx_of(office, paper.ref), TEXTS, ROWS))
    found = the_case(office)
    assert found.record_now
    assert found.record_now.level == "3"
    again = issue_all(office, batch([case()], [minutes(), minutes("to")]))
    assert not again.errors, "the row that opened the case is no change"
    assert [made.type for made in again.issued] == ["REF"]


def test_the_same_file_again_and_another_version_of_it(office: Office, paper: Document) -> None:
    data = written(docx_of(office, paper.ref), TEXTS, ROWS)
    drop(office, "a.docx", data)
    assert drop(office, "b.docx", data).duplicates == ("b.docx",)
    other = written(data, {"beslutning.tekst": "Noe annet"}, {})
    assert drop(office, "c.docx", other).tray
    assert reasons(office) == ["already_settled"]
    assert len(the_case(office).measures) == 5


def test_what_is_missing_or_cannot_be_read_waits_with_every_reason(
    office: Office, paper: Document
) -> None:
    texts = {**TEXTS, "hjemmet.syn": "", "neste_moete.dato": "over nyttår"}
    taken = drop(office, "a.docx", written(docx_of(office, paper.ref), texts, ROWS))
    assert not taken.filed
    found = [(r.code, r.params["field"]) for r in taken.tray[0].reasons]
    assert ("docx_field_missing", "hjemmet.syn") in found
    assert any(field == "neste_moete.dato" for _, field in found)
    assert not the_case(office).measures


def test_the_official_text_is_not_to_be_changed(office: Office, paper: Document) -> None:
    data = written(docx_of(office, paper.ref), TEXTS, ROWS)
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    text = parts["word/document.xml"].decode()
    assert "Formål med møtet" in text
    parts["word/document.xml"] = text.replace("Formål med møtet", "Hensikten").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, part in parts.items():
            target.writestr(name, part)
    assert not drop(office, "a.docx", out.getvalue()).filed
    assert "docx_text_changed" in reasons(office)


def test_our_own_word_file_that_is_not_made_from_a_template(office: Office) -> None:
    from docx import Document as Word  # noqa: PLC0415

    out = io.BytesIO()
    word = Word()
    word.add_paragraph("Referat, skrevet i et tomt dokument")
    word.save(out)
    assert drop(office, "referat.docx", out.getvalue()).tray
    assert reasons(office) == ["docx_not_ours"]


def test_a_damaged_word_file_waits(office: Office, paper: Document) -> None:
    data = docx_of(office, paper.ref)
    assert drop(office, "a.docx", data[: len(data) // 2]).tray
    assert reasons(office) == ["damaged"]


def test_anonymous_team_minutes_stay_in_their_series(office: Office) -> None:
    result = issue_all(office, batch([], [team_minutes()]))
    assert [made.case_id for made in result.issued] == ["KOMMUNEN-TVT-2026"]
    ((chain, paper),) = papers(office, "TVT")
    rows = {"tiltak": ROWS["tiltak"][:1], "deltakere": ROWS["deltakere"][:1],
            "forrige_tiltak": [{"tiltak": "Fast voksen", "resultat": "Hjalp"}]}  # fmt: skip
    texts = {
        "moete.slutt": "14:00", "moete.referent": "Rita Test, Skole", "situasjon.naa": "Uro",
        "raad.tekst": "Fast voksen", "tilbakemelding.hvem": "Ingen, drøftingen er anonym",
        "konklusjon": "Tjenesten følger opp videre", "neste_moete.dato": "21.01.2027",
    }  # fmt: skip
    taken = drop(office, "a.docx", written(docx_of(office, paper.ref), texts, rows))
    assert [f.case_id for f in taken.filed] == [chain], reasons(office)
    assert office.case(ChainId(chain)).record is None
    assert_sound(office)


def test_the_next_row_starts_from_what_the_minutes_said(office: Office, paper: Document) -> None:
    drop(office, "a.docx", written(docx_of(office, paper.ref), TEXTS, ROWS))
    row = started_row(the_case(office), office.library.manifest("INV"), office.today)
    assert (row["moete.dato"], row["moete.type"]) == ("2027-01-21", "evaluering")
    assert known_case(the_case(office), (), office.today)["nivaa"] == "3"
    row = started_row(the_case(office), office.library.manifest("REF"), office.today)
    assert [measure["tiltak"] for measure in row["tiltak"]][:2] == ["Tiltak 1", "Tiltak 2"]
