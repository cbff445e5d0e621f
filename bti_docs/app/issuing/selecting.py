"""Which rows of an input are meant: those of the one case asked for, and those somebody filled."""

from __future__ import annotations

from dataclasses import replace

from bti_docs.app.issuing.comparing import rules_of
from bti_docs.app.issuing.values import plain
from bti_docs.app.office import Office
from bti_docs.core.events import ChainId, Json
from bti_docs.core.intake_cases import CASE_NUMBER, case_key
from bti_docs.core.loose import is_blank
from bti_docs.core.manifest import Manifest
from bti_docs.core.prefill import is_prefilled, started_row
from bti_docs.core.problems import Problem
from bti_docs.core.raw import CASE_OF, NUMBER, RawInput, Row
from bti_docs.core.rows import check_row
from bti_docs.core.values import as_text


def rows_of_case(office: Office, raw: RawInput, chain: ChainId) -> RawInput:
    """The rows of one case: those that name it, by number or by its own row, and by no case."""
    cases = tuple(row for row in raw.cases if _chain_of(office, raw, row) == chain)
    names = {chain, *(row.id for row in cases), ""}
    documents = tuple(row for row in raw.documents if _text(row, CASE_OF) in names)
    return replace(raw, cases=cases, documents=documents)


def _chain_of(office: Office, raw: RawInput, row: Row) -> str | None:
    return _text(row, "sak") or office.index.chain_with_key(case_key(raw.identity, row))


def _text(row: Row, key: str) -> str:
    return as_text(row.cells.get(key)).strip()


def without_prefilled(office: Office, raw: RawInput) -> RawInput:
    """The input without the workbook's rows that hold nothing but what the office wrote there."""
    untouched = [row for row in raw.documents if _is_untouched(office, row)]
    if not untouched:
        return raw
    passed = {id(row) for row in untouched}
    left = tuple(row for row in raw.documents if id(row) not in passed)
    notes = (Problem("row_prefilled", row.place(), {}, "note") for row in untouched)
    return replace(raw, documents=left, problems=(*raw.problems, *notes))


def _is_untouched(office: Office, row: Row) -> bool:
    manifest = office.library.manifests().get(row.type)
    if manifest is None or not row.columns or not _may_be_prefilled(row, manifest):
        return False
    chain = ChainId(_text(row, CASE_OF))
    if not CASE_NUMBER.fullmatch(chain) or not office.archive.exists(chain):
        return False
    said = plain(check_row(row, manifest, rules_of(office)).values)
    known = plain(started_row(office.case(chain), manifest, office.today))
    return _filled(said) == {k: v for k, v in _filled(known).items() if k in said}


def _may_be_prefilled(row: Row, manifest: Manifest) -> bool:
    """Whether nothing else is filled, so that the case must be read to know."""
    keys = row.cells.keys() - {NUMBER, CASE_OF}
    filled = [manifest.find(key) for key in (*keys, *row.lists)]
    return bool(filled) and all(field is not None and is_prefilled(field) for field in filled)


def _filled(value: Json) -> Json:
    """Without blanks, however deep."""
    return {key: kept for key, item in value.items() if not is_blank(kept := _kept(item))}


def _kept(value: object) -> object:
    if isinstance(value, dict):
        return _filled(value)
    return [_kept(item) for item in value] if isinstance(value, list) else value
