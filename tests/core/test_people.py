"""Identity numbers by both check calculations, the same child, protected addresses."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bti_docs.core.people import child_marks, disclosures, id_number_fault, strictly_confidential
from bti_docs.core.records import CaseRecord, Child

FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2)
SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def with_checks(nine: str, remainder: int = 0) -> str | None:
    """Nine digits with check digits worked out another way than the code does."""
    digits = [int(c) for c in nine]
    k1 = (remainder - sum(w * d for w, d in zip(FIRST, digits, strict=True))) % 11
    if k1 == 10:
        return None
    k2 = -sum(w * d for w, d in zip(SECOND, [*digits, k1], strict=True)) % 11
    return None if k2 == 10 else f"{nine}{k1}{k2}"


nines = st.text("0123456789", min_size=9, max_size=9).filter(lambda t: t.strip("0") != "")


@given(nines, st.integers(0, 3))
def test_numbers_of_all_series_hold(nine: str, remainder: int) -> None:
    number = with_checks(nine, remainder)
    if number:
        assert id_number_fault(number) is None


@given(nines, st.integers(4, 10))
def test_other_remainders_do_not(nine: str, remainder: int) -> None:
    number = with_checks(nine, remainder)
    if number:
        assert id_number_fault(number) == "id_number_check"


@given(nines, st.integers(0, 10), st.integers(1, 9))
def test_one_mistyped_digit_before_the_checks_is_seen(nine: str, at: int, step: int) -> None:
    number = with_checks(nine)
    if number is None:
        return
    wrong = number[:at] + str((int(number[at]) + step) % 10) + number[at + 1 :]
    assert id_number_fault(wrong) == "id_number_check"


def test_no_day_and_no_month_is_read_from_a_number() -> None:
    """D-numbers have day + 40, H-numbers month + 40, synthetic ones month + 80: all are numbers."""
    for six in ("178815", "578815", "998815", "009915"):
        number = next(n for i in range(99) if (n := with_checks(f"{six}0{i:02d}")))
        assert id_number_fault(number) is None


def test_length_and_dropped_zero_are_told_apart() -> None:
    assert id_number_fault("1" * 10) == "id_number_ten_digits"
    assert id_number_fault("1" * 9) == "id_number_length"
    assert id_number_fault("1781599999x") == "id_number_length"
    assert id_number_fault("١" * 11) == "id_number_length"
    assert id_number_fault("0" * 11) == "id_number_check"


def test_a_child_without_date_and_number_is_not_compared() -> None:
    child = Child(fornavn="Kari", etternavn="Eksempel")
    assert not list(child_marks(child))


def test_name_and_date_mark_a_child_whatever_the_letters_are() -> None:
    one = Child(fornavn="Kari", etternavn="EKSEMPEL", foedselsdato="2015-08-17")
    two = Child(fornavn="kari ", etternavn="Eksempel", foedselsdato="2015-08-17")
    assert list(child_marks(one)) == list(child_marks(two))


def record(**more: object) -> CaseRecord:
    barn = {"fornavn": "Ida", "etternavn": "Oppdiktet", "adresse": "Veien 1", "skole": "Skolen"}
    barn |= more.pop("barn", {})  # type: ignore[operator]
    return CaseRecord.model_validate({"barn": barn, **more})


def test_nothing_is_a_disclosure_without_protection() -> None:
    assert not list(disclosures(record()))


def test_the_childs_address_and_school_are() -> None:
    found = [d.key for d in disclosures(record(barn={"adressesperre": "fortrolig"}))]
    assert found == ["barn.adresse", "barn.skole"]


def test_a_protected_guardian_keeps_the_home_out_and_leaves_the_other_parents() -> None:
    guardians = [
        {"navn": "A", "adressesperre": "fortrolig", "husstand": "X"},
        {"navn": "B", "adresse": "Hjemme 1", "husstand": "X"},
        {"navn": "C", "adresse": "Borte 2", "husstand": "Y"},
    ]
    found = list(disclosures(record(foresatte=guardians)))
    assert [(d.guardian, d.key) for d in found] == [(None, "barn.adresse"), (1, "adresse")]


def test_strictly_confidential_names_whose_address_it_is() -> None:
    guardians = [{"navn": "A"}, {"navn": "B", "adressesperre": "strengt_fortrolig"}]
    assert list(strictly_confidential(record(foresatte=guardians))) == [1]
