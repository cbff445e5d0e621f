"""A long workbook: so many invented cases, each with minutes of a meeting."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from typing import Final

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bti_docs.app.input import workbook_bytes
from bti_docs.app.office import Office

TYPE: Final = "REF"
_HEADER_ROW: Final = 3
_FIRST_ROW: Final = 5
_CASES: Final = "Saker"


def long_workbook(office: Office, count: int) -> bytes:
    """An .xlsx of *count* cases and *count* documents, one each."""
    book = load_workbook(io.BytesIO(workbook_bytes(office, types=[TYPE])))
    documents = next(name for name in book.sheetnames if name.startswith(f"{TYPE} Referat"))
    for name, typed in ((_CASES, _case_cells), (documents, _minutes_cells)):
        page = book[name]
        if not isinstance(page, Worksheet):
            raise TypeError(name)
        columns = {str(c.value).rstrip(" *"): c.column for c in page[_HEADER_ROW] if c.value}
        for number in range(1, count + 1):
            for label, value in typed(number).items():
                page.cell(_FIRST_ROW + number, columns[label]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _case_cells(number: int) -> Mapping[str, str | int | date]:
    return {
        "Nr": number,
        "Fornavn": f"Ola {number}",
        "Etternavn": "Eksempel",
        "Fødselsdato": date(2015, 8, 17),
        "Barnehage eller skole": "Eksempelskogen skole",
        "Avdeling eller klasse": "5A",
        "Stafettholder: navn": "Siv Stafett",
        "Stafettholder: tjeneste": "Skole",
    }


def _minutes_cells(number: int) -> Mapping[str, str | int | date]:
    return {
        "Nr": number,
        "Sak": number,
        "Møtetype": "Samarbeidsmøte",
        "Dato": date(2026, 11, 23),
        "Fra klokka": "09:00",
        "Til klokka": "10:00",
        "Sted": "Møterom 2",
        "Møteleder": "Siv Stafett",
        "Formål med møtet": f"Se hvordan tiltakene virker for barn nummer {number}.",
        "Slik er situasjonen nå": "Barnet trives bedre i store pauser, og strever i overganger.",
        "Dette ble vi enige om": "Ukentlig samtale med kontaktlærer, og ny plan for pauser.",
    }
