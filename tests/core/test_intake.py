"""The check of an input: everything at once, nothing guessed, nothing lost."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bti_docs.core.intake import Checked, check
from bti_docs.core.manifest import Manifest
from bti_docs.core.problems import Place
from bti_docs.core.raw import RawInput, Row
from bti_docs.core.records import BLOCK_MODELS, sub_fields
from bti_docs.errors import InputError
from tests.intake_samples import (
    TODAY,
    case,
    case_manifest,
    codes,
    document,
    from_json,
    judge,
    profile,
    read,
)


def test_the_blocks_have_the_parts_their_models_have() -> None:
    for name in BLOCK_MODELS:
        assert tuple(part.key for part in case_manifest().block(name)) == sub_fields(name)


def test_a_case_and_its_document_are_typed() -> None:
    checked = from_json(
        {
            "batch": "P1",
            "saker": [
                case(nivaa="Nivå 2", enhet="testskolen", stafettholder={"tjeneste": "Skule"})
            ],
            "dokumenter": [
                document(
                    moete={"start": "kl 9"},
                    antall="12",
                    hastesak="x",
                    arenaer=["Heime", "fritid"],
                    leder={"navn": "Siri Stafett", "tjeneste": "PPT"},
                    tiltak=[{"maal": "Ro", "frist": "15.1.2027", "tjeneste": "skole"}, {}],
                )
            ],
        }
    )
    assert not checked.problems
    (entry,) = checked.cases
    assert entry.key == "P1/SAK/s1"
    assert (entry.record.level, entry.record.unit, entry.record.language) == (
        "2",
        "testskolen",
        "nb",
    )
    assert entry.record.relay_holder.service == "skole"
    (made,) = checked.documents
    assert (made.key, made.case_key, made.case_id) == ("P1/PRV/1", "P1/SAK/s1", None)
    values = dict(made.values)
    assert values.pop("leder")["tjeneste"] == "ppt"
    (measure,) = values.pop("tiltak")
    assert (measure["frist"], measure["tjeneste"], measure["resultat"]) == (
        "2027-01-15",
        "skole",
        "",
    )
    assert values == {
        "moete.dato": date(2026, 12, 3),
        "moete.start": "09:00",
        "antall": 12,
        "hastesak": True,
        "arenaer": ("hjemme", "fritid"),
    }


def test_all_problems_come_at_once() -> None:
    bad = document(
        **{"moete.dato": "31.2.2026", "moete.start": "ni", "antall": "ti", "form": "rar"}
    )
    other = {**document(**{"moete.dato": ""}), "id": "2"}
    checked = from_json({"saker": [case()], "dokumenter": [bad, other]})
    assert codes(checked) == [
        "impossible_date", "bad_time", "bad_number", "unknown_option", "missing_value",
    ]  # fmt: skip
    assert not checked.documents
    assert len(checked.cases) == 1


def test_one_bad_row_leaves_the_others() -> None:
    good, bad = document(), {**document(antall="ti"), "id": "2"}
    checked = from_json({"saker": [case()], "dokumenter": [good, bad]})
    assert [entry.key for entry in checked.documents] == ["inn/PRV/1"]


def test_a_document_names_its_case_by_number_by_id_or_not_at_all() -> None:
    other = case(id="s2", sak="2026-0147", barn={"fornavn": "Nils", "etternavn": "Prøvesen"})
    rows = [{**document(), "id": str(n), "sak": named} for n, named in
            enumerate(("s1", "s2", "2026-0147", "2025-0001"))]  # fmt: skip
    checked = from_json({"saker": [case(), other], "dokumenter": rows})
    assert [(d.case_id, d.case_key) for d in checked.documents] == [
        (None, "inn/SAK/s1"),
        ("2026-0147", "inn/SAK/s2"),
        ("2026-0147", "inn/SAK/s2"),
        ("2025-0001", None),
    ]


def test_the_command_can_name_the_case_of_all_documents() -> None:
    raw = read((json.dumps({"dokumenter": [document()]}).encode(), "inn.json"))
    assert judge(raw, case="2026-0147").documents[0].case_id == "2026-0147"
    assert codes(judge(raw)) == ["case_needed"]


def test_two_cases_and_no_name_is_a_question() -> None:
    other = case(id="s2", barn={"fornavn": "Nils", "etternavn": "Prøvesen"})
    checked = from_json({"saker": [case(), other], "dokumenter": [document()]})
    assert codes(checked) == ["case_needed"]


def test_a_case_without_an_id_keeps_its_key_when_other_things_change() -> None:
    one, two = case(), case(nivaa="2", barn={**case()["barn"], "skole": "Testskolen"})
    del one["id"], two["id"]
    keys = {from_json({"saker": [body]}).cases[0].key for body in (one, two)}
    assert len(keys) == 1
    assert "Kari" not in keys.pop()


def test_decomposed_letters_are_the_same_child() -> None:
    aase = {"fornavn": "Åse", "etternavn": "Eksempel", "foedselsdato": "2015-08-17"}
    parted = {**aase, "fornavn": unicodedata.normalize("NFD", "Åse")}
    checked = from_json({"saker": [case(barn=aase), case(id="s2", barn=parted)]})
    assert codes(checked) == ["child_twice"]


def test_namesakes_with_other_birth_dates_are_two_children() -> None:
    twin = {**case()["barn"], "foedselsdato": "18.08.2015"}
    assert not from_json({"saker": [case(), case(id="s2", barn=twin)]}).problems


def test_a_withheld_address_is_told_beside_other_mistakes() -> None:
    guardian = {"navn": "", "adressesperre": "fortrolig", "adresse": "Veien 1", "telefon": "x"}
    checked = from_json({"saker": [case(foresatte=[guardian])]})
    assert set(codes(checked)) == {"missing_value", "address_protected", "responsibility_unclear"}


def test_one_guardian_may_be_unclear_and_the_case_still_stands() -> None:
    checked = from_json({"saker": [case(foresatte=[{"navn": "Per Prøvesen"}])]})
    assert codes(checked) == ["responsibility_unclear"]
    assert checked.problems[0].severity == "warning"
    assert len(checked.cases) == 1


def test_recipients_are_codes() -> None:
    rows = [{**document(), "id": str(n), "mottakere": cell} for n, cell in
            enumerate((None, "alle", "F1; barn", ["f1"]))]  # fmt: skip
    checked = from_json({"saker": [case()], "dokumenter": rows})
    assert [d.recipients for d in checked.documents] == [None, None, ("f1", "barn"), ("f1",)]


def test_an_anonymous_document_has_no_case_and_names_nobody() -> None:
    row = {"id": "1", "type": "ANO", "felter": {"form": "anonym", "tekst": "En elev på trinnet."}}
    (made,) = from_json({"saker": [case()], "dokumenter": [row]}).documents
    assert (made.case_id, made.case_key) == (None, None)


def test_a_block_that_is_begun_must_be_whole_and_one_that_is_not_may_be_absent() -> None:
    row = {"id": "1", "type": "KRV", "felter": {"samtykke": {"unntak": "Ikke lege"},
           "punkter": [{"tittel": "Trivsel", "minutter": "15 min"}]}}  # fmt: skip
    checked = from_json({"saker": [case()], "dokumenter": [row]})
    assert [(p.code, p.place.field) for p in checked.problems] == [
        ("missing_value", "samtykke.formaal"),
        ("missing_value", "samtykke.tjenester"),
    ]


def test_a_sixth_type_needs_no_code() -> None:
    body = {
        "type": "SEX",
        "version": "1.0",
        "settled": ["completed"],
        "title": {"nb": "Sjette", "nn": "Sjette"},
        "field": [
            {"key": "egne", "type": "tiltak", "repeated": True, "label": {"nb": "T", "nn": "T"}}
        ],
    }
    sixth = Manifest.model_validate(body)
    child = Row("0", "SEX", "a", 1, {"tiltak": "Følge til skolen"})
    raw = RawInput("x", documents=(Row("1", "SEX", "a", 1, {}, {"egne": (child,)}),))
    checked = check(
        raw, {"SEX": sixth}, case_manifest(), profile(), "nn", on=TODAY, case="2026-0001"
    )
    assert checked.documents[0].values["egne"][0]["tiltak"] == "Følge til skolen"


def test_a_place_names_the_cell_also_when_it_is_blank() -> None:
    row = Row("1", "PRV", "Ark", 7, {}, columns={"tittel": "AB"})
    assert row.place("tittel") == Place("Ark", 7, "AB", "tittel")
    assert row.place("tittel").cell == "AB7"


keys = st.sampled_from(
    ["sak", "barn", "fornavn", "foresatte", "navn", "felter", "moete", "dato", "moete.dato", "type",
     "id", "tiltak", "maal", "leder", "samtykke", "tjenester", "mottakere", "rart"]
)  # fmt: skip
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(keys, anything, max_size=5),
    st.dictionaries(keys, anything, max_size=5),
    st.sampled_from(["PRV", "KRV", "ANO", "XXX"]),
)
def test_no_shape_of_json_breaks_the_check(
    one: dict[str, Any], two: dict[str, Any], code: str
) -> None:
    body = {"saker": [one], "dokumenter": [{**two, "type": code}]}
    checked = from_json(body)
    assert isinstance(checked, Checked)
    errors = [p for p in checked.problems if p.severity == "error"]
    assert errors or checked.cases


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    for name in ("a.json", "a.csv", "a.xlsx"):
        try:
            judge(read((data, name)))
        except InputError as error:
            assert error.code.startswith("input_")  # noqa: PT017


def calling(**settled: list[str]) -> Manifest:
    """A letter that calls to a meeting, and asks for an answer."""
    fields = [("moete.dato", "dato", "meeting.date"), ("moete.start", "tid", "meeting.start"),
              ("moete.slutt", "tid", "meeting.end"), ("svar.frist", "dato", None)]  # fmt: skip
    return Manifest.model_validate(
        {
            "type": "MOT", "version": "1.0", "settled": ["sent"], **settled,
            "title": {"nb": "Møte", "nn": "Møte"},
            "field": [{"key": key, "type": kind, "label": {"nb": key, "nn": key}, "fact": fact}
                      for key, kind, fact in fields],
        }
    )  # fmt: skip


def days(manifest: Manifest, **cells: str) -> list[tuple[str, str, str | None]]:
    row = Row("1", "MOT", "a", 1, {key.replace("_", "."): value for key, value in cells.items()})
    raw = RawInput("x", documents=(row,))
    found = check(raw, {"MOT": manifest}, case_manifest(), profile(), "nb", on=TODAY, case="2026-1")
    return [(p.code, p.severity, p.place.field) for p in found.problems]


def test_days_and_hours_that_do_not_go_together() -> None:
    assert not days(calling(), moete_dato="17.12.2026", svar_frist="10.12.2026",
                    moete_start="9", moete_slutt="10")  # fmt: skip
    assert days(calling(), moete_dato="17.12.2026", svar_frist="24.12.2026",
                moete_start="9", moete_slutt="8.30") == [
        ("ends_before_start", "error", "moete.slutt"),
        ("reply_after_meeting", "warning", "svar.frist"),
    ]  # fmt: skip
    passed = {"moete_dato": "20.11.2026", "svar_frist": "19.11.2026"}
    assert days(calling(), **passed) == [
        ("day_has_passed", "warning", "moete.dato"),
        ("day_has_passed", "warning", "svar.frist"),
    ]
    assert not days(calling(settled=["completed"]), **passed)


def test_a_consent_that_has_ended_before_it_begins() -> None:
    consent = {"formaal": "Samarbeid", "tjenester": ["skole"], "til": "22.11.2026"}
    row = {"id": "1", "type": "KRV", "felter": {"samtykke": consent, "punkter": [{"tittel": "T"}]}}
    checked = from_json({"saker": [case()], "dokumenter": [row]})
    assert [(p.code, p.params["start"]) for p in checked.problems] == [
        ("ends_before_start", "23.11.2026")
    ]


def test_a_wrong_case_is_told_of_once() -> None:
    rows = [{**document(), "id": str(n)} for n in range(3)]
    checked = from_json({"saker": [case(nivaa="17")], "dokumenter": rows})
    assert codes(checked) == ["unknown_option", "case_has_errors"]
    assert not checked.documents
