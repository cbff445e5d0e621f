"""What a template is given: whom to ask, how names are joined, the key beside a choice's label."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bti_docs.core.addressees import contact, joined
from bti_docs.core.context import context, signature_lines
from tests.paper_samples import GROWN_UP, HOLDER, PREGNANT, PROTECTED, case, making, values

_NOBODY = {"navn": "", "telefon": "", "epost": "", "adresse": ""}
_UNIT = {"navn": "Eksempel skole", "telefon": "00 00 00 01", "adresse": "Skoleveien 1"}
_TOWN = {
    "navn": "Testkommunen",
    "telefon": "00 00 00 00",
    "epost": "post@kommune.example",
    "adresse": "Rådhusgata 1",
    "postnr": "0000",
    "poststed": "Eksempelby",
}


def test_the_relay_holder_is_asked_first() -> None:
    found = contact(HOLDER, _UNIT, _TOWN)
    assert (found["navn"], found["telefon"]) == (HOLDER["navn"], HOLDER["telefon"])
    assert found["adresse"] == "Skoleveien 1"


def test_somebody_without_a_telephone_is_called_through_the_unit() -> None:
    found = contact({**HOLDER, "telefon": ""}, _UNIT, _TOWN)
    assert (found["navn"], found["telefon"]) == (HOLDER["navn"], "00 00 00 01")


def test_the_municipality_is_asked_last() -> None:
    assert contact(_NOBODY, _NOBODY, _TOWN) == {
        "navn": "Testkommunen",
        "telefon": "00 00 00 00",
        "epost": "post@kommune.example",
        "adresse": "Rådhusgata 1, 0000 Eksempelby",
    }


@given(st.lists(st.text("abc ", min_size=1), max_size=5))
def test_every_name_is_joined_once_and_in_order(names: list[str]) -> None:
    whole = joined([name.strip() or "x" for name in names], "og")
    assert whole.replace(" og ", ", ").split(", ") == [n.strip() or "x" for n in names] or not names
    assert whole.count(" og ") == (len(names) > 1)


def test_a_choice_has_its_key_beside_the_label() -> None:
    body = context(making("RUT", "nn", None), values("RUT") | {"droefting.form": "anonym"})
    assert body["droefting"]["form"] == "Berre anonymt"
    assert body["droefting"]["form_valg"] == "anonym"
    assert context(making("RUT", "nn", None), {})["droefting"]["form_valg"] == ""


def test_who_decides_alone_signs_with_the_name_only() -> None:
    for who in (PREGNANT, GROWN_UP):
        made = making("SAM", "nb", case(**who))
        assert context(made, {})["barn"]["alene"] is True
        assert [line["etikett"] for line in signature_lines(made)] == ["Underskrift: Ola Prøvesen"]
    assert context(making("SAM", "nb", case()), {})["barn"]["alene"] is False


def test_a_protected_address_sends_the_slip_to_the_town_hall() -> None:
    body = context(making("SVR", "nb", case(**PROTECTED)), values("SVR"))
    town = body["kommune"]
    assert body["enhet"]["navn"] == body["moete"]["sted"] == ""
    assert body["kontakt"]["adresse"].startswith(town["adresse"])


def test_blank_rows_are_for_papers_that_are_not_complete() -> None:
    given = {"deltakere": [{"navn": "Kari Prøvesen"}]}
    for complete, rows in ((False, 4), (True, 1)):
        body = context(making("REF", "nb", case(), complete=complete), given)
        assert len(body["deltakere"]) == rows
