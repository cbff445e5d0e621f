"""One Word file that was finished and dropped in the inbox: read back, compared, filed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bti_docs import files
from bti_docs.app.issuing.plan import plain
from bti_docs.app.office import Office
from bti_docs.app.taking.filing import Piece, Return, file_return
from bti_docs.app.taking.final import final_copy
from bti_docs.app.taking.holding import hold
from bti_docs.app.taking.looking import Source
from bti_docs.app.taking.results import Taken
from bti_docs.core.events import Json
from bti_docs.core.facts import facts_of
from bti_docs.core.filing import Expected, Reason, Tray, WordReturn, decide_word
from bti_docs.core.manifest import Manifest
from bti_docs.core.model import Case, Document
from bti_docs.core.read_back import ReadValues, Texts, read_values
from bti_docs.core.references import Reference, parse_reference
from bti_docs.core.rows import Rules
from bti_docs.merge import Template, read_properties
from bti_docs.toml_model import parse_toml


def take_word(office: Office, source: Source) -> tuple[Taken, tuple[Json, ...]]:
    """File a finished Word file, or hold it with every reason."""
    key = f"word:{source.sha256}"
    ref = _reference(source)
    chain = office.index.chain_of(ref) if ref else None
    case = office.case(chain) if chain else None
    document = case.document(ref or "") if case else None
    if case and document and office.index.act(key):
        filed = file_return(office, case, document, _return(source, key, {}, ()))
        return Taken(filed=(filed,), sheets=1), ({"ref": ref, "outcome": "filed"},)
    if case is None or document is None or document.removed:
        return _held(office, source, _stranger(office, ref))
    return _compared(office, source, case, document, key)


def _reference(source: Source) -> Reference | None:
    return parse_reference(read_properties(source.data).get("BTI-ref", ""))


def _stranger(office: Office, ref: Reference | None) -> Tray:
    word = WordReturn(office.archive.name if ref else None, ref)
    decision = decide_word(word, office.archive.name, None)
    return decision if isinstance(decision, Tray) else Tray((Reason("unknown_reference"),), ref)


def _compared(
    office: Office, source: Source, case: Case, document: Document, key: str
) -> tuple[Taken, tuple[Json, ...]]:
    back = _read(office, source, case, document)
    reference = Reference(document.ref)
    word = WordReturn(
        office.archive.name,
        reference,
        places_changed=back.places_changed,
        fields_missing=back.read.missing,
        digital_signature=source.reading.digital_signature,
    )
    decision = decide_word(word, office.archive.name, _expected(document))
    unread = (Reason("docx_field_wrong", {"field": key}) for key in back.read.wrong)
    wrong = (*back.troubles, *unread)
    if wrong or isinstance(decision, Tray):
        reasons = decision.reasons if isinstance(decision, Tray) else ()
        return _held(office, source, Tray((*reasons, *wrong), reference))
    facts = facts_of(back.manifest, back.read.values, planned=False, on=office.today)
    record = plain(back.read.values)
    final = final_copy(office, document, back.manifest, source.data)
    filed = file_return(office, case, document, _return(source, key, record, plain(facts), final))
    return Taken(filed=(filed,), sheets=1), ({"ref": reference, "outcome": "filed"},)


@dataclass(frozen=True, slots=True)
class _Back:
    """What a returned Word file says, and in how many places its official text was changed."""

    manifest: Manifest
    read: ReadValues
    places_changed: int
    troubles: tuple[Reason, ...]
    """What nobody can take for an answer: tracked changes, a deleted field, two answers."""


def _read(office: Office, source: Source, case: Case, document: Document) -> _Back:
    path = next(f.path for f in document.files if f.role == "issued" and f.path.endswith(".docx"))
    issued_bytes = office.archive.document(case.chain, path)
    template, manifest = _official(office, case, document)
    back = template.read_back(source.data, issued=issued_bytes)
    issued = template.read_back(issued_bytes)
    library = office.library
    rules = Rules(
        library.manifests(), library.case_manifest(), library.profile(), document.language
    )
    read = read_values(
        manifest,
        rules,
        Texts(back.values, back.rows),
        Texts(issued.values, issued.rows),
        document.record,
    )
    troubles = tuple(
        Reason(finding.code, dict(finding.params))
        for finding in back.problems
        if finding.severity == "error"
    )
    return _Back(manifest, read, len(back.changes), troubles)


def _expected(document: Document) -> Expected:
    settled = document.over or "completed" in document.done
    return Expected(
        Reference(document.ref), document.pages, document.signers, document.signed_by, settled
    )


def _official(office: Office, case: Case, document: Document) -> tuple[Template, Manifest]:
    """What the document was made from: old documents keep their version."""
    for entry in office.archive.history(case.chain):
        if entry.event.ref == document.ref and entry.event.kind == "issued" and entry.payload:
            word, rules = (
                office.archive.template_path(str(entry.payload[part]), suffix)
                for part, suffix in (("template", ".docx"), ("manifest", ".toml"))
            )
            manifest = parse_toml(Manifest, files.read(rules) or b"")
            if isinstance(manifest, tuple):  # a newer program has more to say in a manifest
                manifest = office.library.manifest(document.type)
            return Template.open(word, language=document.language), manifest
    raise LookupError(document.ref)


def _return(
    source: Source,
    key: str,
    record: Mapping[str, Any],
    facts: tuple[Json, ...],
    final: tuple[Piece, ...] = (),
) -> Return:
    piece = Piece(source.data, ".docx", "received")
    return Return(key, (piece, *final), (), ("completed",), record, facts)


def _held(office: Office, source: Source, decision: Tray) -> tuple[Taken, tuple[Json, ...]]:
    held = hold(office, source, source.data, decision)
    page = {"ref": decision.guess, "outcome": "tray", "item": held.item}
    return Taken(tray=(held,), sheets=1), (page,)
