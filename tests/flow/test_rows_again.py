"""A row that comes again: the same, changed, of another case or another child; and what is said."""

from __future__ import annotations

from importlib import import_module

import pytest

from bti_docs.app.issuing import IssueResult, issue
from bti_docs.app.issuing.batches import unfinished_batch
from bti_docs.app.office import Office
from bti_docs.core.problems import Problem
from bti_docs.messages import text
from bti_docs.workbook import read_input
from tests.flow.offices import (
    FATHER,
    MOTHER,
    assert_outbox_whole,
    batch,
    case,
    consent,
    invitation,
    issue_all,
    minutes,
    papers,
    raw,
)

OTHER = case(child={"fornavn": "Nils", "etternavn": "Eksempel", "foedselsdato": ""})
UNCLEAR = {**FATHER, "foreldreansvar": "ikke_avklart"}


def codes(result: IssueResult) -> list[str]:
    return [problem.code for problem in result.errors]


def sentences(result: IssueResult) -> str:
    return "\n".join(text(p.code, "nb", **p.params) for p in result.problems)


# --- the case -------------------------------------------------------------------------------


def test_a_case_never_becomes_another_childs(office: Office) -> None:
    (known,) = issue_all(office, batch([case()], [])).opened
    by_row = issue_all(office, batch([OTHER], [consent()]), replace_changed=True)
    assert codes(by_row) == ["row_of_other_case", "case_has_errors"]
    assert "Nr s1" in sentences(by_row)
    by_number = issue_all(office, batch([{**OTHER, "sak": known}], []), replace_changed=True)
    assert codes(by_number) == ["other_child"]
    sibling = batch([case(child={"fornavn": "Nils"})], [])
    assert codes(issue_all(office, sibling, replace_changed=True)) == ["row_of_other_case"]


def test_a_change_is_shown_old_and_new_before_it_is_made(office: Office) -> None:
    (known,) = issue_all(office, batch([case()], [consent()])).opened
    moved = case(child={"klasse": "6A"}, guardians=[{**MOTHER, "adresse": "Nyveien 3"}, FATHER])
    result = issue_all(office, batch([moved], [consent(), minutes()]))
    assert codes(result) == ["case_changed"]
    assert "Avdeling eller klasse: «5A» → «6A»" in sentences(result)
    assert "Mona Prøvesen, adresse: «Testveien 1» → «Nyveien 3»" in sentences(result)
    assert [p.code for p in result.problems].count("case_to_confirm") == 1
    partly = issue_all(office, batch([moved], [minutes()]), skip_invalid=True)
    assert not partly.issued
    made = issue_all(office, batch([moved], [consent(), minutes()]), replace_changed=True)
    assert (made.changed, made.opened) == ((known,), ())
    assert [paper.type for paper in made.issued] == ["REF"]


def test_all_problems_come_at_once_and_no_false_ones(office: Office) -> None:
    rows = [
        consent("a"), minutes("b"), minutes("c", "2026-0099"), invitation("d", "s2", mottakere="f7")
    ]  # fmt: skip
    other = case("s2", [], {"fornavn": "Nils"})
    result = issue_all(office, batch([{**case(), "sak": "2026-0098"}, other], rows))
    assert sorted(codes(result)) == [
        "case_has_errors", "unknown_case_number", "unknown_case_number", "unknown_recipient",
    ]  # fmt: skip


# --- the row --------------------------------------------------------------------------------


def test_a_changed_row_says_what_has_changed_once(office: Office) -> None:
    issue_all(office, batch([case()], [invitation()]))
    result = issue_all(office, batch([case()], [invitation(day="2026-12-18")]))
    assert codes(result) == ["row_changed"]
    assert "Dato: «17.12.2026» → «18.12.2026»" in sentences(result)
    assert "nytt Nr (id)" in sentences(result)


def test_a_row_that_is_about_another_case_now_is_no_change(office: Office) -> None:
    cases = [case(), case("s2", child={"fornavn": "Nils"})]
    one, two = issue_all(office, batch(cases, [consent(), consent("b", "s2")])).opened
    swapped = batch(cases, [consent("sam", "s2"), consent("b", "s1")])
    result = issue_all(office, swapped, replace_changed=True)
    assert codes(result) == ["row_moved", "row_moved"]
    assert [(p.params["old"], p.params["case"]) for p in result.errors] == [(one, two), (two, one)]
    new = batch([case("s3", child={"fornavn": "Eva"})], [consent("sam", "s3")])
    assert codes(issue_all(office, new)) == ["row_moved_new"]
    assert len(papers(office, "SAM")) == 4


def test_json_without_a_batch_is_known_by_its_name(office: Office) -> None:
    body = batch([case()], [minutes()])
    del body["batch"]
    assert raw(office, body).identity == "parti"
    issue_all(office, body)
    data = b'{"dokumenter":[]}'
    library = office.library
    other = read_input(
        (data, "annet.v2.json"), manifests=library.manifests(),
        case_manifest=library.case_manifest(),
    )  # fmt: skip
    assert other.identity == "annet.v2"


# --- one case asked for ---------------------------------------------------------------------


def test_the_case_asked_for_is_found_by_its_rows_nr(office: Office) -> None:
    body = batch([case(), case("s2", child={"fornavn": "Nils"})], [minutes(), minutes("b", "s2")])
    one, two = issue_all(office, batch(body["saker"], [])).opened
    made = issue(office, raw(office, body), only=two)
    assert [(paper.type, paper.case_id) for paper in made.issued] == [("REF", two)]
    broken = batch(
        [*body["saker"], {**OTHER, "id": "s3"}], [*body["dokumenter"], {"type": "X", "sak": "s3"}]
    )
    assert issue(office, raw(office, broken), only=one).issued


@pytest.mark.parametrize("number", ["2026-0099", "tull"])
def test_a_case_nobody_has_heard_of_is_an_error(office: Office, number: str) -> None:
    result = issue(office, raw(office, batch([case()], [minutes()])), only=number)
    assert codes(result) == ["only_unknown_case"]
    assert not office.archive.chains()


def test_a_case_without_rows_is_an_error(office: Office) -> None:
    (known,) = issue_all(office, batch([case()], [])).opened
    other = batch([case("s2", child={"fornavn": "Nils"})], [minutes("b", "s2")], "annet")
    assert codes(issue(office, raw(office, other), only=known)) == ["only_no_rows"]


# --- who signs ------------------------------------------------------------------------------


def test_a_consent_waits_until_somebody_has_said_who_signs(office: Office) -> None:
    body = batch([case(guardians=[MOTHER, UNCLEAR])], [consent()])
    assert codes(issue_all(office, body)) == ["signers_not_clarified"]
    assert codes(issue_all(office, batch([case(guardians=[UNCLEAR])], [consent()]))) == [
        "signers_not_clarified"
    ]
    assert not office.archive.chains()
    named = batch([case(guardians=[MOTHER, UNCLEAR])], [consent(mottakere="f1;f2")])
    assert len(issue_all(office, named).issued) == 2
    assert [sheet.signers for _, sheet in papers(office, "SAM")] == [("f1",), ("f2",)]


def test_other_letters_go_to_those_who_are_clear(office: Office) -> None:
    result = issue_all(office, batch([case(guardians=[MOTHER, UNCLEAR])], [minutes()]))
    assert not result.errors


# --- days -----------------------------------------------------------------------------------


def test_days_that_have_passed_are_warned_of_only_for_new_letters(office: Office) -> None:
    late = invitation(day="2026-11-20")
    result = issue_all(office, batch([case()], [late]))
    warned = [p.code for p in result.problems]
    assert (warned.count("day_has_passed"), warned.count("reply_after_meeting")) == (1, 1)
    assert not {"day_has_passed", "reply_after_meeting"} & {
        p.code for p in issue_all(office, batch([case()], [late])).problems
    }


def test_a_consent_that_begins_later_runs_from_then(office: Office) -> None:
    body = consent()
    body["felter"]["samtykke"]["fra"] = "2027-12-01"
    issue_all(office, batch([case(guardians=[MOTHER])], [body]))
    ((_, sheet),) = papers(office, "SAM")
    assert sheet.record["samtykke"]["til"] == "2028-12-01"


# --- heaps ----------------------------------------------------------------------------------


def test_the_heaps_of_all_that_is_there_are_named_newest_first(office: Office) -> None:
    first = issue_all(office, batch([case()], [invitation(), consent()]))
    changed = batch([case()], [invitation(day="2026-12-18"), consent()])
    second = issue_all(office, changed, replace_changed=True)
    again = issue_all(office, changed)
    assert again.heaps == (second.heap, first.heap)
    assert again.heap == second.heap
    assert_outbox_whole(office)


def test_a_run_in_which_nothing_could_be_made_leaves_no_batch(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    making = import_module("bti_docs.app.issuing.making")
    body = batch([case()], [consent()])
    with monkeypatch.context() as broken:
        broken.setattr(
            making.Maker, "_paper", lambda _self, draft, _copy: Problem("too_many_pages",
            draft.wish.entry.place, {"pages": 120}),
        )  # fmt: skip
        failed = issue_all(office, body)
    assert set(codes(failed)) == {"too_many_pages"}
    assert (failed.batch, failed.heap, failed.heaps) == ("", None, ())
    assert not list(office.settings.outbox.glob("*.pdf"))
    assert unfinished_batch(office, "uke-48") is None
    assert len(issue_all(office, body).issued) == 2
