"""What is written by hand or in Word counts when it has been read, and is read as it stands."""

from __future__ import annotations

import pytest

from bti_docs.app.demo.word import finish
from bti_docs.app.office import Office
from bti_docs.app.settling import read_paper
from bti_docs.core.references import Reference
from bti_docs.errors import InputError
from bti_docs.simulate import as_pdf
from tests.flow.offices import (
    batch,
    case,
    consent,
    docx_of,
    drop,
    invitation,
    issue_all,
    minutes,
    papers,
    scanned,
)

FINISHED = {
    "moete.slutt": "kl. 14.00",
    "moete.referent": "Siv Stafett",
    "stemme.tekst": "Jeg vil ha en voksen å snakke med.",
    "stemme.hvordan": "Kari var med i møtet",
    "hjemmet.syn": "Det går bedre.",
    "situasjon.naa": "Kari kommer hver dag.",
    "situasjon.vurdering": "Vi fortsetter.",
    "beslutning.tekst": "Vi møtes igjen i januar.",
    "informeres": "Siv forteller Kari om avtalen i dag.",
    "nivaa.videre": "Nivå 2 – samarbeid med andre tjenester",
    "neste_moete.dato": "20.01.2027",
    "kopi_til": "Foresatte",
    "deltakere": [{"navn": "Siv Stafett", "rolle": "stafettholder", "status": "Til stede"}],
    "tiltak": [
        {
            "maal": "Trygg på skolen",
            "tiltak": "Fast voksen",
            "arena": "Skole",
            "ansvarlig": "Siv Stafett",
            "frist": "08.01.2027",
        }
    ],
}


def test_a_reply_slip_is_over_when_somebody_has_read_it(office: Office) -> None:
    issue_all(office, batch([case()], [invitation()]))
    chain, slip = papers(office, "SVR")[0]
    ref = Reference(slip.ref)
    with pytest.raises(InputError, match="paper_not_returned"):
        read_paper(office, ref)
    drop(office, "slipp.pdf", as_pdf(scanned(office, slip.ref)))
    assert office.case(chain).document(slip.ref).waits_for == "read"
    case_now = read_paper(office, ref, why="Mor kommer.")
    assert case_now.document(slip.ref).over
    assert case_now.happenings[-1].why == "Mor kommer."


def test_only_what_a_person_is_to_read_is_read_so(office: Office) -> None:
    issue_all(office, batch([case()], [invitation(), consent()]))
    letter, sheet = papers(office, "INV")[0][1], papers(office, "SAM")[0][1]
    with pytest.raises(InputError, match="needs_no_reading"):
        read_paper(office, Reference(letter.ref))
    with pytest.raises(InputError, match="consent_is_read_apart"):
        read_paper(office, Reference(sheet.ref))


def test_minutes_finished_in_word_keep_what_was_issued_and_feed_the_log(office: Office) -> None:
    """Fields that stand as they were issued are not read anew, and so are never wrong."""
    issue_all(office, batch([case()], [minutes()]))
    chain, issued = papers(office, "REF")[0]
    taken = drop(office, "referat.docx", finish(docx_of(office, issued.ref), FINISHED))
    assert [item.reasons for item in taken.tray] == []
    assert [filed.ref for filed in taken.filed] == [issued.ref]
    now = office.case(chain)
    assert [(m.goal, m.owner, m.due) for m in now.measures] == [
        ("Trygg på skolen", "Siv Stafett", "2027-01-08")
    ]
    record = now.document(issued.ref).record
    assert record["moete.dato"] == issued.record["moete.dato"]
    assert record["moete.slutt"] == "14:00"
