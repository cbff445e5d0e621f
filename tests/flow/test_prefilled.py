"""A workbook that comes filled with what the office knows: what a person adds is a document."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl

from bti_docs.app.input import read_batch, workbook_bytes
from bti_docs.app.issuing import IssueResult, issue
from bti_docs.app.office import Office
from tests.flow.offices import batch, case, invitation, issue_all

INV, SAM = "INV Invitasjon til tverrfaglig…", "SAM Samtykkeskjema"


def known(office: Office) -> str:
    """A case with a meeting to come."""
    return issue_all(office, batch([case()], [invitation()])).opened[0]


def handed_in(office: Office, data: bytes, **how: bool) -> IssueResult:
    path = Path(office.settings.root) / "arbeidsbok.xlsx"
    path.write_bytes(data)
    return issue(office, read_batch(office, path, None), **how)


def test_documents_rows_come_only_for_the_types_that_are_asked_for(office: Office) -> None:
    chain = known(office)
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(office, cases=[chain])))
    assert book["Saker"]["B4"].value == chain
    assert book[INV]["B4"].value is None
    asked = workbook_bytes(office, cases=[chain], types=["INV", "SAM"])
    book = openpyxl.load_workbook(io.BytesIO(asked))
    assert (book[INV]["B4"].value, book[SAM]["B4"].value) == (chain, chain)


def test_a_row_nobody_has_touched_is_skipped_and_said(office: Office) -> None:
    chain = known(office)
    result = handed_in(office, workbook_bytes(office, cases=[chain], types=["INV", "SAM"]))
    assert sorted(p.code for p in result.problems) == ["row_not_filled", "row_prefilled"]
    assert not result.errors
    assert (result.issued, result.opened, result.changed) == ((), (), ())


def test_a_row_that_somebody_has_touched_is_a_document(office: Office) -> None:
    chain = known(office)
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(office, cases=[chain], types=["INV"])))
    headers = {str(cell.value).rstrip(" *"): cell.column for cell in book[INV][3]}
    book[INV].cell(4, headers["Formål med møtet"]).value = "Vi vil bli enige."
    out = io.BytesIO()
    book.save(out)
    codes = {p.code for p in handed_in(office, out.getvalue()).errors}
    assert codes == {"missing_value", "missing_rows"}


def test_a_prefilled_workbook_is_no_change(office: Office) -> None:
    chain = known(office)
    result = handed_in(office, workbook_bytes(office, cases=[chain]))
    assert result.problems == ()
