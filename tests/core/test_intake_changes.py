"""What a changed row says, who is another child, and what a protected home keeps."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bti_docs.core.intake_changes import Change, case_changes, other_child, row_changes
from bti_docs.core.protection import (
    guardian_codes,
    lowered,
    maybe_in_protected_home,
    outside_protected_home,
    with_protection,
)
from bti_docs.core.records import CaseRecord, Child, Protection
from bti_docs.core.rows import Rules
from tests.intake_samples import case_manifest, manifests, profile

NUMBER = "05121599926"
LEVELS: tuple[Protection, ...] = ("ingen", "klientadresse", "fortrolig", "strengt_fortrolig")


def child(**more: object) -> Child:
    return Child.model_validate(
        {"fornavn": "Kari", "etternavn": "Prøvesen", "foedselsdato": "2015-08-17", **more}
    )


def record(
    *guardians: dict[str, Any], barn: dict[str, Any] | None = None, **more: object
) -> CaseRecord:
    body = {"fornavn": "Kari", "etternavn": "Prøvesen", **(barn or {})}
    return CaseRecord.model_validate({"barn": body, "foresatte": guardians, **more})


def rules() -> Rules:
    return Rules(manifests(), case_manifest(), profile(), "nb")


@pytest.mark.parametrize(
    ("more", "by_number", "by_row"),
    [
        ({}, False, False),
        ({"klasse": "6A"}, False, False),
        ({"fornavn": "KARI "}, False, False),
        ({"fornavn": "Karin"}, False, False),
        ({"fornavn": "Kari Mathea"}, False, False),
        ({"etternavn": "Eksempel"}, False, False),
        ({"fornavn": "Nils"}, False, True),
        ({"fornavn": "Nils", "etternavn": "Eksempel"}, True, True),
        ({"fornavn": "Nils", "etternavn": "Eksempel", "foedselsdato": None}, True, True),
        ({"foedselsdato": "2015-08-18"}, True, True),
    ],
)
def test_who_is_another_child(more: dict[str, Any], by_number: bool, by_row: bool) -> None:  # noqa: FBT001
    assert other_child(child(), child(**more), by_number=True) is by_number
    assert other_child(child(), child(**more), by_number=False) is by_row


def test_one_number_is_one_person_whatever_the_name_is() -> None:
    known = child(foedselsnummer=NUMBER)
    renamed = child(foedselsnummer=NUMBER, fornavn="Nils", etternavn="Eksempel")
    assert not other_child(known, renamed, by_number=False)
    assert other_child(known, child(foedselsnummer="05121599845"), by_number=True)


def test_changes_of_a_case_are_named_old_and_new() -> None:
    mother = {"navn": "Mona Prøvesen", "telefon": "40000001", "foreldreansvar": "ja"}
    known = record(mother, {"navn": "Per Eksempel"}, barn={"klasse": "5A"}, nivaa="1")
    said = record(
        {**mother, "telefon": "40000002"}, {"navn": "Ola Eksempel"},
        barn={"klasse": "", "foedselsdato": "2015-08-17"}, nivaa="2",
    )  # fmt: skip
    assert case_changes(known, known, said, rules()) == (
        Change("Fødselsdato", "", "17.08.2015"),
        Change("Avdeling eller klasse", "5A", ""),
        Change("Nivå", "Nivå 1", "Nivå 2"),
        Change("Foresatte", "Per Eksempel", kind="removed"),
        Change("Foresatte", new="Ola Eksempel", kind="added"),
        Change("Mona Prøvesen, telefon", "40000001", "40000002"),
    )


def test_what_the_log_has_come_to_is_no_change() -> None:
    known = record(nivaa="1", barn={"klasse": "5A"})
    now = record(nivaa="2", barn={"klasse": "5A"})
    for level in ("1", "2"):
        said = record(nivaa=level, barn={"klasse": "6A"})
        assert [c.label for c in case_changes(known, now, said, rules())] == [
            "Avdeling eller klasse"
        ]


def test_numbers_and_protected_addresses_are_not_shown() -> None:
    known = record({"navn": "Mona Prøvesen", "adresse": "Testveien 1"}, barn={"adresse": "Her 1"})
    said = record(
        {"navn": "Mona Prøvesen", "adressesperre": "fortrolig"},
        barn={"foedselsnummer": NUMBER, "skole": "Testskolen"},
    )
    told = case_changes(known, known, said, rules())
    assert {c.label for c in told if c.kind == "hidden"} == {
        "Fødselsnummer", "Barnehage eller skole", "Adresse", "Mona Prøvesen, adresse",
    }  # fmt: skip
    shown = " ".join(c.old + c.new for c in told)
    assert not any(secret in shown for secret in (NUMBER, "Testveien", "Her 1", "Testskolen"))


def test_changes_of_a_document_are_named_to_the_part() -> None:
    prv = manifests()["PRV"]
    old = {"moete.dato": "2026-12-03", "hastesak": True, "arenaer": ["hjemme"],
           "leder": {"navn": "Siri Stafett", "tjeneste": "skole"},
           "tiltak": [{"maal": "Ro", "frist": "2027-01-15"}]}  # fmt: skip
    new = {"moete.dato": "2026-12-04", "hastesak": True, "arenaer": ["hjemme", "fritid"],
           "leder": {"navn": "Siri Stafett", "tjeneste": "ppt"},
           "tiltak": [{"maal": "Ro", "frist": "2027-02-15"}]}  # fmt: skip
    assert [(c.label, c.old, c.new) for c in row_changes(prv, old, new, rules())] == [
        ("Møtedato", "03.12.2026", "04.12.2026"),
        ("Arenaer", "Hjemme", "Hjemme, Fritid"),
        ("Leder, tjeneste", "Skole", "PPT"),
        ("Tiltak 1, frist", "15.01.2027", "15.02.2027"),
    ]
    more = {**old, "tiltak": [*old["tiltak"], {"maal": "Mer ro"}]}  # type: ignore[misc]
    assert row_changes(prv, old, more, rules()) == (Change("Tiltak", "1", "2", "rows"),)
    assert not row_changes(prv, old, {**old, "notat": "", "leder": old["leder"]}, rules())


# --- protection -----------------------------------------------------------------------------


def test_a_protection_is_lost_by_lowering_respelling_and_leaving_out() -> None:
    hidden = {"navn": "Mona Prøvesen", "adressesperre": "fortrolig"}
    known = record(hidden, barn={"adressesperre": "fortrolig"})
    kept = {"adressesperre": "fortrolig"}
    assert lowered(known, known) == ()
    assert lowered(known, record(hidden, barn={"adressesperre": "strengt_fortrolig"})) == ()
    assert lowered(known, record({**hidden, "navn": "MONA  prøvesen"}, barn=kept)) == ()
    assert lowered(known, record(hidden, barn={"adressesperre": "klientadresse"})) == (None,)
    assert lowered(known, record({**hidden, "navn": "Mona Prøve"}, barn=kept)) == (0,)
    assert lowered(known, record(barn=kept)) == (0,)
    assert lowered(known, record({**hidden, "adressesperre": "ingen"})) == (None, 0)


def test_who_is_outside_the_protected_home() -> None:
    said = record(
        {"navn": "Mona Prøvesen", "adressesperre": "fortrolig", "husstand": "A"},
        {"navn": "Eva Prøvesen", "husstand": "a"},
        {"navn": "Per Eksempel", "husstand": "B"},
        {"navn": "Ola Eksempel"},
    )
    people = {f"f{n}": guardian for n, guardian in enumerate(said.guardians, 1)}
    codes = ("f1", "f2", "f3", "f4", "d1", "barn")
    assert outside_protected_home(said.child, people, codes) == ("f3", "f4")
    assert outside_protected_home(said.child, {"f3": people["f3"]}, codes) == ()
    alone = child(adressesperre="fortrolig")
    assert outside_protected_home(alone, {"f3": people["f3"]}, codes) == ("f3",)
    assert guardian_codes({"barn": {}, "f2": {}, "d1": {}, "f10": {}}) == ("f2", "f10")


def test_a_guardian_may_have_been_forgotten() -> None:
    mother = {"navn": "Mona Prøvesen", "adresse": "Testveien 1"}
    hidden = {"adressesperre": "fortrolig"}
    assert list(maybe_in_protected_home(record(mother, barn=hidden))) == [0]
    assert list(maybe_in_protected_home(record(mother))) == []
    assert list(maybe_in_protected_home(record(mother, {"navn": "X", **hidden}, barn=hidden))) == []


@given(st.sampled_from(LEVELS), st.sampled_from([None, 0, 1]))
def test_protection_is_set_and_what_tells_of_the_place_goes(
    level: Protection, who: int | None
) -> None:
    home = {"adresse": "Testveien 1", "postnr": "0001", "poststed": "Eksempel"}
    said = record(
        {"navn": "Mona Prøvesen", "husstand": "A", **home},
        {"navn": "Per Eksempel", "husstand": "B", **home},
        barn={"skole": "Testskolen", "klasse": "5A", **home},
    )
    found = with_protection(said, who, level)
    assert not lowered(said, found)
    assert with_protection(found, who, level) == found
    if level == "ingen":
        assert found == said
        return
    assert found.child.address == ""
    assert bool(found.child.school) == (who is not None)
    assert [bool(g.address) for g in found.guardians] == [who != 0, who != 1]
    back = with_protection(found, who, "ingen")
    assert not back.protected
