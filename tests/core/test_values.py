"""Values as people type them: dates, times, numbers, yes and no, choices, texts."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bti_docs.core.manifest import ManifestField, Option
from bti_docs.core.moments import EXCEL_EPOCH, Fault, parse_date, parse_time, show_date
from bti_docs.core.values import (
    as_text,
    parse_choice,
    parse_value,
    parse_whole_number,
    parse_yes_no,
    tidy,
)

FEBRUARY = date(2026, 2, 3)
OPTIONS = (
    Option(key="skole", nb="Skole", nn="Skule"),
    Option(key="helse", nb="Helse, rus og psykiatri", nn="Helse, rus og psykiatri"),
    Option(key="ppt", nb="PPT", nn="PPT"),
)


def field(kind: str, key: str = "felt", **more: object) -> ManifestField:
    label = {"nb": "Felt", "nn": "Felt"}
    return ManifestField.model_validate({"key": key, "type": kind, "label": label, **more})


def code(value: object) -> str | None:
    return value.code if isinstance(value, Fault) else None


@pytest.mark.parametrize(
    "typed",
    [
        "3.2.2026", "03.02.26", "03.02.2026", " 3. 2. 2026 ", "2026-02-03", "2026-2-3",
        "2026-02-03T00:00:00", "3. februar 2026", "3 feb 2026", "3. FEBRUAR 2026",
        "tirsdag 3. februar 2026", "tysdag 3. februar 2026", "tirsdag den 3. februar 2026",
        "3/2-2026", "3/2 2026", "20260203", date(2026, 2, 3), datetime(2026, 2, 3, 9, 30),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_typed(typed: object) -> None:
    assert parse_date(typed) == FEBRUARY


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("31.2.2026", "impossible_date"), ("2026-02-30", "impossible_date"),
        ("3/2/2026", "ambiguous_date"), ("03-02-2026", "ambiguous_date"),
        ("13/14/2026", "impossible_date"), ("3. februar", "date_without_year"),
        ("3.2.", "date_without_year"), ("i morgen", "bad_date"), ("3. j 2026", "bad_date"),
        ("3. jul 2026 kl 9", "bad_date"), ("onsdag 3. februar 2026", "date_weekday"),
        ("3.2.0026", "unlikely_date"), ("3.2.2526", "unlikely_date"), (True, "bad_date"),
        (float("nan"), "bad_date"), (12, "bad_date"), (10**9, "bad_date"),
    ],
)  # fmt: skip
def test_a_date_that_cannot_be_taken_says_why(typed: object, wrong: str) -> None:
    assert code(parse_date(typed)) == wrong


@pytest.mark.parametrize(("typed", "day"), [("13/2/2026", 13), ("2/13/2026", 13), ("3/3/2026", 3)])
def test_slashes_are_taken_when_there_is_one_reading(typed: str, day: int) -> None:
    read = parse_date(typed)
    assert isinstance(read, date)
    assert read.day == day


@given(st.dates(date(1925, 1, 1), date(2099, 12, 31)))
def test_every_day_survives_every_way_of_writing_it(day: date) -> None:
    months = "januar februar mars april mai juni juli august september oktober november desember"
    word = months.split()[day.month - 1]
    for text in (show_date(day), day.isoformat(), f"{day.day}. {word} {day.year}"):
        assert parse_date(text) == day
    serial = (day - EXCEL_EPOCH).days
    read = parse_date(serial)
    assert isinstance(read, Fault)
    assert (read.code, read.severity, read.value) == ("date_from_number", "warning", day)


@given(st.text())
def test_no_text_breaks_a_reader(text: str) -> None:
    for kind in ("dato", "tid", "tall", "ja_nei", "valg", "flervalg", "text", "langtekst"):
        parse_value(text, field(kind), OPTIONS, "nb")
    for key in ("postnr", "foedselsnummer", "epost", "telefon"):
        parse_value(text, field("text", key), (), "nb")


@given(st.floats(allow_nan=True) | st.integers() | st.booleans())
def test_no_number_breaks_a_reader(number: float) -> None:
    for kind in ("dato", "tid", "tall", "ja_nei"):
        parse_value(number, field(kind), (), "nb")


@pytest.mark.parametrize(
    ("typed", "clock"),
    [
        ("9", "09:00"), ("9.30", "09:30"), ("09:30", "09:30"), ("kl 9", "09:00"),
        ("kl. 09.30", "09:30"), ("Klokka 9", "09:00"), ("0930", "09:30"), ("930", "09:30"),
        ("9,30", "09:30"), ("09:30:00", "09:30"), (9, "09:00"), (9.3, "09:30"), (9.15, "09:15"),
        (0.5, "12:00"), (0.3958333333333333, "09:30"), (time(9, 30), "09:30"),
        (datetime(1899, 12, 31, 9, 30), "09:30"), (0, "00:00"),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_a_time_is_read_however_it_is_typed(typed: object, clock: str) -> None:
    assert parse_time(typed) == clock


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        (9.5, "ambiguous_time"), (9.25, "ambiguous_time"), ("24:00", "bad_time"),
        ("halv ni", "bad_time"), ("9-10", "bad_time"), (9.75, "bad_time"), (25, "bad_time"),
        (9.333, "bad_time"), (-1, "bad_time"), (None, "bad_time"),
    ],
)  # fmt: skip
def test_a_time_that_cannot_be_taken_says_why(typed: object, wrong: str) -> None:
    assert code(parse_time(typed)) == wrong


@given(st.times())
def test_excels_fraction_of_a_day_is_the_time(moment: time) -> None:
    minutes = moment.hour * 60 + moment.minute
    if minutes:
        assert parse_time(minutes / 1440) == f"{moment:%H:%M}"


@pytest.mark.parametrize(
    ("typed", "number"),
    [("15", 15), (15.0, 15), ("1 200", 1200), ("1\u00a0200", 1200), ("15 min", 15), ("-3", -3)],
)
def test_a_whole_number_is_read(typed: float | str, number: int) -> None:
    assert parse_whole_number(typed) == number


@pytest.mark.parametrize("typed", ["1.200", "2,5", 2.5, "ti", True, "1 20"])
def test_other_numbers_are_not(typed: float | str) -> None:
    assert code(parse_whole_number(typed)) == "bad_number"


def test_yes_and_no() -> None:
    assert [parse_yes_no(v) for v in ("Ja", "x", "X ", "1", 1.0, True, "true")] == [True] * 7
    assert [parse_yes_no(v) for v in ("nei", "NEI.", 0, False)] == [False] * 4
    assert code(parse_yes_no("kanskje")) == "bad_yes_no"


@pytest.mark.parametrize("typed", ["skole", "SKOLE", " Skule ", "Skole"])
def test_a_choice_is_named_by_key_or_label_in_either_language(typed: str) -> None:
    assert parse_choice(typed, OPTIONS, "nb") == "skole"


def test_an_unknown_choice_names_the_nearest_and_all() -> None:
    fault = parse_choice("Skolle", OPTIONS, "nb")
    assert isinstance(fault, Fault)
    assert (fault.code, fault.params["nearest"]) == ("unknown_option_near", "Skole")
    assert "PPT" in str(fault.params["options"])


@pytest.mark.parametrize(
    "typed",
    ["ppt; Helse, rus og psykiatri", "PPT\nhelse", "helse,ppt", "Helse, rus og psykiatri;ppt;;"],
)
def test_several_choices_are_parted_as_people_part_them(typed: str) -> None:
    assert parse_value(typed, field("flervalg"), OPTIONS, "nb") == ("helse", "ppt")


def test_texts_become_one_form() -> None:
    nfd = unicodedata.normalize("NFD", "  Åse Bjørk\u200b ")
    assert parse_value(nfd, field("text"), (), "nb") == "Åse Bjørk"
    assert parse_value("a \r\nb_x000D_\nc\n\n", field("langtekst"), (), "nb") == "a\nb\nc"
    assert parse_value("to\nlinjer", field("text"), (), "nb") == "to linjer"


@given(st.text())
def test_tidying_twice_is_tidying_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


def test_numbers_that_excel_made_are_texts_again() -> None:
    assert parse_value(12345678.0, field("text", "telefon"), (), "nb") == "12345678"
    assert (as_text(3.5), as_text(12.0), as_text(value=True)) == ("3,5", "12", "ja")


def test_a_postcode_gets_its_zero_back_and_says_so() -> None:
    fault = parse_value(150.0, field("text", "barn.postnr"), (), "nb")
    assert (fault.code, fault.severity, fault.value) == ("postcode_restored", "warning", "0150")
    assert parse_value("0150", field("text", "postnr"), (), "nb") == "0150"
    assert code(parse_value("01500", field("text", "postnr"), (), "nb")) == "bad_postcode"


def test_an_identity_number_is_never_quoted() -> None:
    for number in (1788159999.0, "178815 00000", "123", "178815-0001"):
        fault = parse_value(number, field("text", "barn.foedselsnummer"), (), "nb")
        assert fault.code.startswith("id_number_")
        assert not fault.params


@pytest.mark.parametrize("bad", ["\x07", "\ud800", "\ufffe", "\x0b"])
def test_characters_no_document_can_hold_are_refused(bad: str) -> None:
    for kind in ("text", "langtekst", "valg", "dato"):
        fault = parse_value(f"a{bad}b", field(kind), OPTIONS, "nb")
        assert fault.code == "bad_characters"
        assert fault.params["character"] == f"U+{ord(bad):04X}"


def test_length_limits() -> None:
    assert code(parse_value("a" * 501, field("text"), (), "nb")) == "text_too_long"
    assert parse_value("a" * 501, field("langtekst"), (), "nb") == "a" * 501
    assert code(parse_value("a" * 10_001, field("langtekst"), (), "nb")) == "text_too_long"


def test_a_text_that_excel_made_a_date_is_asked_for_again() -> None:
    assert code(parse_value(date(2026, 4, 3), field("text"), (), "nb")) == "text_became_date"


def test_an_open_list_takes_other_texts_and_says_so() -> None:
    open_list = field("text", "tjeneste", options="tjenester")
    assert parse_value("skule", open_list, OPTIONS, "nb") == "skole"
    fault = parse_value("Fotballaget", open_list, OPTIONS, "nb")
    assert (fault.code, fault.severity, fault.value) == ("not_in_list", "warning", "Fotballaget")
    assert parse_value("Skol", open_list, OPTIONS, "nb").code == "not_in_list_near"


def test_an_e_mail_address_has_one_at_sign() -> None:
    assert parse_value(" ola@example.org ", field("text", "epost"), (), "nb") == "ola@example.org"
    assert code(parse_value("ola(a)example.org", field("text", "epost"), (), "nb")) == "bad_email"


def test_a_duration_longer_than_a_day_is_no_time() -> None:
    assert code(parse_time(timedelta(hours=30))) == "bad_time"
