"""One Word file that was finished and dropped in the inbox: read back, compared, filed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bti_docs import files
from bti_docs.app.issuing.values import plain
from bti_docs.app.office import Office
from bti_docs.app.taking.filing import Piece, Return, file_return
from bti_docs.app.taking.final import final_copy
from bti_docs.app.taking.holding import hold
from bti_docs.app.taking.looking import Source
from bti_docs.app.taking.results import Taken
from bti_docs.app.taking.signed import word_signature
from bti_docs.core.events import Json
from bti_docs.core.facts import facts_of
from bti_docs.core.filing import Expected, Reason, Tray, WordReturn, decide_word, refuse
from bti_docs.core.manifest import Manifest
from bti_docs.core.model import Case, Document
from bti_docs.core.read_back import ReadValues, Texts, read_values
from bti_docs.core.references import Reference, parse_reference
from bti_docs.core.rows import Rules
from bti_docs.errors import MergeError
from bti_docs.merge import Template, read_properties
from bti_docs.toml_model import parse_toml

_TROUBLES: Final = {
    "docx_encrypted": "encrypted",
    "docx_too_large": "too_large",
    "docx_strict": "unreadable_kind",
    "docx_macros": "unreadable_kind",
    "docx_activex": "unreadable_kind",
    "docx_bomb": "too_large",
    "docx_too_much_markup": "too_large",
}
"""What a Word file is refused for, when it is not just damaged."""


def take_word(office: Office, source: Source) -> tuple[Taken, tuple[Json, ...]]:
    """File a finished Word file, or hold it with every reason."""
    key = f"word:{source.sha256}"
    try:
        ref = _reference(source)
    except MergeError as error:
        return _held(office, source, refuse((trouble_of(error),)))
    chain = office.index.chain_of(ref) if ref else None
    case = office.case(chain) if chain else None
    document = case.document(ref or "") if case else None
    if case and document and office.index.act(key):
        filed = file_return(office, case, document, Return(key, ()))
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
    try:
        back = read_word(office, source.data, case, document)
    except MergeError as error:
        broken = refuse((trouble_of(error),))
        return _held(office, source, replace(broken, guess=Reference(document.ref)))
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
    signed = word_signature(office, source.data) if source.reading.digital_signature else ()
    wrong = (*signed, *back.troubles, *unread)
    if wrong or isinstance(decision, Tray):
        reasons = decision.reasons if isinstance(decision, Tray) else ()
        labelled = tuple(back.labelled(reason) for reason in (*reasons, *wrong))
        return _held(office, source, Tray(labelled, reference))
    what = word_return(office, source.data, document, back)
    filed = file_return(office, case, document, replace(what, key=key, done=("completed",)))
    return Taken(filed=(filed,), sheets=1), ({"ref": reference, "outcome": "filed"},)


def read_by_person(
    office: Office, docx: bytes, case: Case, document: Document
) -> tuple[Return, tuple[str, ...]]:
    """A Word file that a person files: what can be read of it, and names for what cannot."""
    only = Return("", (Piece(docx, ".docx", "received"),))
    if document.removed or not any(f.role == "issued" and f.path.endswith(".docx")
                                   for f in document.files):  # fmt: skip
        return only, ()
    try:
        back = read_word(office, docx, case, document)
    except MergeError:
        return only, (document.type,)
    return word_return(office, docx, document, back), back.unread


@dataclass(frozen=True, slots=True)
class WordBack:
    """What a returned Word file says, and in how many places its official text was changed."""

    manifest: Manifest
    language: str
    read: ReadValues
    places_changed: int
    troubles: tuple[Reason, ...]
    """What nobody can take for an answer: tracked changes, a deleted field, two answers."""

    @property
    def unread(self) -> tuple[str, ...]:
        """What it does not say, or not so that it can be read, as people call it."""
        fields = (*self.read.missing, *self.read.wrong)
        return tuple(dict.fromkeys(self.read.labels.get(key, key) for key in fields))

    def labelled(self, reason: Reason) -> Reason:
        """The reason with the name people have for its field."""
        key = reason.params.get("field", reason.params.get("tag"))
        if not isinstance(key, str):
            return reason
        label = self.read.labels.get(key) or label_of(self.manifest, key, self.language)
        return replace(reason, params={**reason.params, "label": label})


def label_of(manifest: Manifest, key: str, language: str) -> str:
    """What people call a field, by its key or a control's tag."""
    found = (f for f in manifest.fields if key == f.key or key.startswith(f"{f.key}."))
    field = next(found, None)
    return field.label.of(language) if field else key


def trouble_of(error: MergeError) -> str:
    """Why a Word file cannot be read, in the words of `bti_docs.core.filing`."""
    return _TROUBLES.get(error.code, "damaged")


def read_word(office: Office, docx: bytes, case: Case, document: Document) -> WordBack:
    """Read a returned Word file against the one that was issued.

    Raises:
        MergeError: it is no sound Word file.
    """
    path = next(f.path for f in document.files if f.role == "issued" and f.path.endswith(".docx"))
    issued_bytes = office.archive.document(case.chain, path)
    template, manifest = _official(office, case, document)
    prompt = office.say(document.language)("write_here")
    back = template.read_back(docx, issued=issued_bytes, placeholder=prompt)
    issued = template.read_back(issued_bytes, placeholder=prompt)
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
    return WordBack(manifest, document.language, read, len(back.changes), troubles)


def _expected(document: Document) -> Expected:
    settled = document.over or "completed" in document.done
    return Expected(
        Reference(document.ref),
        document.pages,
        document.signers,
        document.signed_by,
        settled=settled,
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


def word_return(office: Office, docx: bytes, document: Document, back: WordBack) -> Return:
    """The file with what it says and its final PDF, for an act that has no key yet."""
    facts = facts_of(back.manifest, back.read.values, planned=False, on=office.today)
    final = final_copy(office, document, back.manifest, docx)
    piece = Piece(docx, ".docx", "received")
    return Return("", (piece, *final), record=plain(back.read.values), facts=plain(facts))


def _held(office: Office, source: Source, decision: Tray) -> tuple[Taken, tuple[Json, ...]]:
    held = hold(office, source, source.data, decision)
    page = {"ref": decision.guess, "outcome": "tray", "item": held.item}
    return Taken(tray=(held,), sheets=1), (page,)
