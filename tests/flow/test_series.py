"""Folders without a person, routines that somebody approves, and templates that are official."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bti_docs.app.approvals import approve
from bti_docs.app.office import Office
from bti_docs.core.events import ChainId
from bti_docs.errors import ConfigError
from bti_docs.simulate import as_pdf
from tests.flow.offices import (
    assert_sound,
    batch,
    case,
    document,
    docx_of,
    drop,
    issue_all,
    opened,
    papers,
    routine,
    scanned,
    team_minutes,
    written,
)


def codes(result: object) -> list[str]:
    return [problem.code for problem in result.errors]  # type: ignore[attr-defined]


def test_anonymous_minutes_belong_to_a_series_and_name_no_child(office: Office) -> None:
    issue_all(office, batch([case()], []))
    named = team_minutes()
    named["felter"]["situasjon"]["spoersmaal"] = "Hvordan hjelper vi Kari  Prøvesen?"
    assert codes(issue_all(office, batch([], [named]))) == ["anonymous_names_child"]
    assert [made.case_id for made in issue_all(office, batch([], [team_minutes()])).issued] == [
        "KOMMUNEN-TVT-2026"
    ]
    assert office.case(ChainId("KOMMUNEN-TVT-2026")).kind == "serie"


def test_with_consent_team_minutes_are_the_childs(office: Office) -> None:
    body = batch([case()], [team_minutes(form="samtykke", sak="s1")])
    (made,) = issue_all(office, body).issued
    assert made.case_id == "2026-0001"


def test_a_routine_is_approved_by_the_signature_on_it(office: Office) -> None:
    issue_all(office, batch([], [routine()]))
    ((chain, paper),) = papers(office, "RUT")
    assert (paper.signers, paper.waits_for) == (("godkjenner",), "approved")
    assert drop(office, "a.pdf", as_pdf(scanned(office, paper.ref, signed=False))).tray
    (filed,) = drop(office, "b.pdf", as_pdf(scanned(office, paper.ref))).filed
    assert filed.case_id == chain
    assert papers(office, "RUT")[0][1].over
    assert_sound(office)


def test_a_template_that_nobody_approved_makes_nothing(root: Path) -> None:
    template = root / "templates" / "docx" / "TVT.toml"
    template.write_text(template.read_text("utf-8") + "\n# endret\n", "utf-8")
    body = batch([case()], [team_minutes(form="samtykke", sak="s1")])
    with opened(root) as office:
        with pytest.raises(ConfigError, match="template_not_approved"):
            issue_all(office, body)
        with pytest.raises(ConfigError, match="template_not_approved"):
            issue_all(office, body, check_only=True)
        assert not office.archive.chains(), "nothing is opened when nothing can be made"
        approve(office, template, "u-04")
        assert len(issue_all(office, body).issued) == 1


def test_a_sixth_type_by_two_files(root: Path) -> None:
    folder = root / "templates" / "docx"
    (folder / "OPP.nb.docx").write_bytes((folder / "REF.nb.docx").read_bytes())
    manifest = (folder / "REF.toml").read_text("utf-8")
    manifest = manifest.replace('type = "REF"', 'type = "OPP"', 1)
    manifest = manifest.replace('settled = ["completed", "sent"]', 'settled = ["completed"]', 1)
    start, measures, end = manifest.partition('key = "tiltak"')
    rest = end.partition("[[field]]")
    start, last = (part.replace('required = "return"', 'required = "never"')
                   for part in (start, rest[2]))  # fmt: skip
    (folder / "OPP.toml").write_text("".join([start, measures, *rest[:2], last]), "utf-8")
    fields = {
        "moete": {"type": "samarbeid", "dato": "2026-11-23", "start": "09:00", "sted": "Møterom 2",
                  "leder": "Siv Stafett", "formaal": "Følge opp."},
    }  # fmt: skip
    body = batch([case()], [document("o", "OPP", fields)])
    with opened(root) as office:
        with pytest.raises(ConfigError, match="template_not_approved"):
            issue_all(office, body)
        assert approve(office, folder / "OPP.nb.docx", "u-04") == ("OPP.nb",)
        (made,) = issue_all(office, body).issued
        rows = {"tiltak": [{"maal": "Trygg", "tiltak": "Møte ved porten", "ansvarlig": "Siv"}]}
        assert drop(office, "o.docx", written(docx_of(office, made.ref), {}, rows)).filed
        found = office.case(ChainId(made.case_id))
        assert [measure.measure for measure in found.measures] == ["Møte ved porten"]
        assert found.documents[0].over
        assert_sound(office)


def test_the_same_row_in_the_new_year_is_the_same_row(root: Path) -> None:
    with opened(root) as office:
        (made,) = issue_all(office, batch([], [routine()])).issued
    with opened(root, today=date(2027, 1, 4)) as office:
        assert issue_all(office, batch([], [routine()])).skipped == 1
        assert office.archive.chains() == (made.case_id,)
        (other,) = issue_all(office, batch([], [routine("ny")])).issued
        assert other.case_id == made.case_id.replace("2026", "2027")
