"""A protected address from input to letter: only a person opens it, and only as far as they say."""

from __future__ import annotations

from typing import Any

import pytest

from bti_docs.app.cases import allow_printing
from bti_docs.app.issuing import IssueResult, issue
from bti_docs.app.office import Office
from bti_docs.app.protection import note_informed, set_protection
from bti_docs.core.events import ChainId
from bti_docs.core.model import Case
from bti_docs.errors import InputError
from bti_docs.messages import text
from tests.flow.offices import (
    FATHER,
    MOTHER,
    assert_sound,
    batch,
    case,
    consent,
    invitation,
    issue_all,
    minutes,
    raw,
)

NOWHERE = {"adresse": "", "postnr": "", "poststed": ""}
HIDDEN = {**MOTHER, **NOWHERE, "adressesperre": "fortrolig"}
CHILD = {"fornavn": "Ida", "skole": "", "klasse": "", "adressesperre": "fortrolig"}


def hidden(
    *guardians: dict[str, Any],
    key: str = "s1",
    **child: object,
) -> dict[str, Any]:
    return case(key, guardians or (HIDDEN,), {**CHILD, **child})


def codes(result: IssueResult) -> list[str]:
    return [problem.code for problem in result.errors]


def sentences(result: IssueResult) -> str:
    return "\n".join(text(p.code, "nb", **p.params) for p in result.problems)


def opened_case(office: Office, *guardians: dict[str, Any], **child: object) -> Case:
    (chain,) = issue_all(office, batch([hidden(*guardians, **child)], [])).opened
    return office.case(ChainId(chain))


@pytest.mark.parametrize("who", ["f2", "f1;f2"])
def test_the_other_parent_gets_nothing_before_a_leader_has_decided(
    office: Office, who: str
) -> None:
    known = opened_case(office, HIDDEN, FATHER).chain
    body = batch([], [consent("sam", known, mottakere=who)])
    stopped = issue_all(office, body)
    assert codes(stopped) == ["other_parent_not_decided"]
    assert stopped.problems[0].params == {"case": known, "person": "f2"}
    assert not stopped.issued
    allow_printing(office, office.case(known), ["other_parent"], "u-04", "Avklart med leder")
    assert {made.recipient for made in issue_all(office, body).issued} == set(who.split(";"))


def test_who_shares_the_household_of_the_protected_is_written_to(office: Office) -> None:
    at_home = {**FATHER, **NOWHERE, "husstand": "A"}
    known = opened_case(office, HIDDEN, at_home).chain
    made = issue_all(office, batch([], [consent("sam", known, mottakere="f2")]))
    assert [paper.recipient for paper in made.issued] == ["f2"]


def test_a_case_opened_in_the_run_is_told_with_its_number(office: Office) -> None:
    body = batch([hidden(HIDDEN, FATHER)], [consent(mottakere="f2")])
    planned = issue_all(office, body, check_only=True)
    assert "sak  " not in sentences(planned)
    result = issue_all(office, body)
    assert codes(result) == ["other_parent_not_decided"]
    assert f"case allow {result.opened[0]} other_parent" in sentences(result)
    several = batch([hidden(key="s2", fornavn="Eva")], [consent("a", "s2"), minutes("b", "s2")])
    planned = issue_all(office, several, check_only=True)
    assert set(codes(planned)) == {"protected_alone_new"}
    left = issue_all(office, several)
    assert set(codes(left)) == {"protected_alone"}
    assert f"--case {left.opened[0]}" in sentences(left)


def test_the_advice_to_make_it_alone_works_for_all_its_rows(office: Office) -> None:
    rows = [
        consent("a", mottakere="f1"), invitation("b", mottakere="f1"), minutes("c"),
        consent("d", "s2"), invitation("e", "s2", day="2020-01-02"),
    ]  # fmt: skip
    body = batch([hidden(), case("s2")], rows)
    chain = issue_all(office, batch(body["saker"], [])).opened[0]
    alone = issue(office, raw(office, body), only=chain)
    assert not alone.errors
    assert {made.case_id for made in alone.issued} == {chain}
    assert sorted(made.type for made in alone.issued) == ["INV", "REF", "SAM", "SVR"]
    again = issue(office, raw(office, body), only=chain)
    assert (again.issued, again.skipped) == ((), 4)
    unnamed = batch(body["saker"], [consent("f"), minutes("g")])
    assert codes(issue(office, raw(office, unnamed), only=chain)) == ["protected_name_recipients"]


@pytest.mark.parametrize(
    ("guardians", "child", "lost"),
    [
        ([{**HIDDEN, "navn": "Mona Prøve"}], {}, ["f1"]),
        ([{**MOTHER, "navn": "Mona Prøve"}], {}, ["f1"]),
        ([FATHER], {}, ["f1"]),
        ([HIDDEN], {"adressesperre": "klientadresse"}, ["barn"]),
        (
            [{**HIDDEN, "adressesperre": "klientadresse"}],
            {"adressesperre": "ingen"},
            ["barn", "f1"],
        ),
    ],
)
def test_no_import_lowers_a_protection(
    office: Office, guardians: list[dict[str, Any]], child: dict[str, str], lost: list[str]
) -> None:
    known = opened_case(office)
    result = issue_all(office, batch([hidden(*guardians, **child)], []), replace_changed=True)
    assert set(codes(result)) == {"protection_cleared"}
    assert [p.params["person"] for p in result.errors] == lost
    assert f"case protection {known.chain} {lost[0]} ingen" in sentences(result)
    assert office.case(known.chain).record == known.record


def test_a_person_lifts_it_and_then_the_row_may_say_so(office: Office) -> None:
    known = opened_case(office)
    for person in ("f1", "barn"):
        known = set_protection(office, known, person, "ingen", by="u-04", why="Flyttet")
    assert known.record
    assert not known.record.protected
    assert list(known.people) == ["barn", "f1"]
    event = office.archive.events(known.chain)[-1]
    assert (event.kind, event.codes["by"]) == ("changed", "u-04")
    open_now = batch([case("s1", [MOTHER], {"fornavn": "Ida"})], [])
    assert codes(issue_all(office, open_now)) == ["case_changed"]
    assert issue_all(office, open_now, replace_changed=True).changed == (known.chain,)
    with pytest.raises(InputError, match="unknown_person"):
        set_protection(office, known, "f7", "fortrolig", by="u-04", why="x")
    assert_sound(office)


def test_a_person_sets_it_and_the_place_is_gone(office: Office) -> None:
    (chain,) = issue_all(office, batch([case(guardians=[MOTHER])], [])).opened
    known = set_protection(
        office, office.case(ChainId(chain)), "f1", "fortrolig", by="u-04", why="Vedtak"
    )
    assert known.record
    assert known.record.guardians[0].address == ""
    assert codes(issue_all(office, batch([case(guardians=[MOTHER])], []))) == ["protection_cleared"]


def test_only_a_person_says_that_the_guardians_are_told(office: Office) -> None:
    quiet, told = case(foresatte_ikke_informert="ja"), case()
    (chain,) = issue_all(office, batch([quiet], [])).opened
    result = issue_all(office, batch([told], []), replace_changed=True)
    assert codes(result) == ["informed_cleared"]
    note_informed(office, office.case(ChainId(chain)), by="u-04", why="Samtale")
    assert issue_all(office, batch([told], [consent()])).issued
