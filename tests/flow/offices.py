"""Real offices in a temporary folder, batches for them, and what comes back on paper."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pypdfium2
from lxml import etree

from bti_docs.app.issuing import IssueResult, issue
from bti_docs.app.office import Office
from bti_docs.app.opening import init_office, open_office
from bti_docs.app.outgoing import Outgoing, stamped_pdf
from bti_docs.app.taking import Taken, take_in_file
from bti_docs.archive import verify
from bti_docs.core.events import OFFICE, digest
from bti_docs.core.model import Document
from bti_docs.core.raw import RawInput
from bti_docs.core.references import Reference
from bti_docs.files import TEMPORARY, Disk
from bti_docs.library import shipped_folder
from bti_docs.simulate import Scanner, scan
from bti_docs.workbook import read_input

Body = dict[str, Any]

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
QUICK = Scanner(dpi=150, noise=2.0)
"""Good enough to be read, and half the pixels."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def new_office(folder: Path) -> Path:
    """An office of the shipped templates, its index beside it."""
    text = (shipped_folder() / "config.toml").read_text(encoding="utf-8")
    folder.mkdir()
    config = text.replace("\ninbox = ", '\nindeks = "indeks"\ninbox = ', 1)
    (folder / "config.toml").write_text(config, encoding="utf-8")
    init_office(folder, clock=lambda: NOW)
    return folder


def copy_office(office: Path, to: Path) -> Path:
    """Another office just like it: the same archive, to begin again from."""
    shutil.copytree(office, to)
    return to


def opened(
    root: Path,
    *,
    today: date = TODAY,
    disk: Disk | None = None,
    clock: Callable[[], datetime] = lambda: NOW,
) -> Office:
    """The office, as Siv at the school opens it."""
    return open_office(root, actor="u-04", today=today, disk=disk, clock=clock)


def raw(office: Office, body: Body) -> RawInput:
    """A JSON input as its rows."""
    data = json.dumps(body, ensure_ascii=False).encode()
    library = office.library
    return read_input(
        (data, "parti.json"),
        manifests=library.manifests(),
        case_manifest=library.case_manifest(),
    )


def issue_all(office: Office, body: Body, **how: bool) -> IssueResult:
    """Issue a batch."""
    return issue(office, raw(office, body), **how)


# --- batches --------------------------------------------------------------------------------


def batch(cases: Sequence[Body], documents: Sequence[Body], name: str = "uke-48") -> Body:
    """A JSON input."""
    return {"batch": name, "saker": list(cases), "dokumenter": list(documents)}


def guardian(name: str = "Mona Prøvesen", **more: str) -> Body:
    """A guardian with foreldreansvar."""
    return {
        "navn": name, "tilknytning": "mor", "foreldreansvar": "ja", "adresse": "Testveien 1",
        "postnr": "0001", "poststed": "Eksempel", "husstand": "A", **more,
    }  # fmt: skip


FATHER = guardian("Per Eksempel", tilknytning="far", adresse="Prøvegata 2", husstand="B")
MOTHER = guardian()


def case(
    key: str = "s1",
    guardians: Sequence[Body] = (MOTHER, FATHER),
    child: Mapping[str, Any] | None = None,
    **more: object,
) -> Body:
    """A case of an obviously invented child of eleven."""
    return {
        "id": key, "sak": None, "maalform": "nb", "nivaa": "2",
        "barn": {
            "fornavn": "Kari", "etternavn": "Prøvesen", "foedselsdato": "2015-08-17",
            "skole": "Eksempelskogen skole", "klasse": "5A", **(child or {}),
        },
        "foresatte": list(guardians),
        "stafettholder": {"navn": "Siv Stafett", "stilling": "Kontaktlærer", "tjeneste": "Skole",
                          "telefon": "40000009"},
        **more,
    }  # fmt: skip


def document(key: str, type_code: str, fields: Body, sak: str = "s1", **more: object) -> Body:
    """One row of a batch."""
    return {"id": key, "type": type_code, "sak": sak, "felter": fields, **more}


def consent(key: str = "sam", sak: str = "s1", **more: object) -> Body:
    """SAM."""
    fields = {
        "samtykke": {"formaal": "Vi vil samarbeide om skoledagen.", "tjenester": ["skole", "ppt"],
                     "omfang": ["dele", "moete"], "opplysninger": "Trivsel og læring"},
    }  # fmt: skip
    return document(key, "SAM", fields, sak, **more)


def invitation(key: str = "inv", sak: str = "s1", day: str = "2026-12-17", **more: object) -> Body:
    """INV."""
    fields = {
        "moete": {"type": "samarbeid", "dato": day, "start": "09:00", "slutt": "10:00",
                  "sted": "Møterom 2", "formaal": "Vi vil bli enige om hva som hjelper.",
                  "leder": "Siv Stafett"},
        "sakliste": [{"nr": "1", "tittel": "Velkommen", "ansvarlig": "Siv Stafett", "minutter": 5}],
        "deltakere": [{"navn": "Siv Stafett", "rolle": "Stafettholder", "tjeneste": "Skole"}],
        "deltakelse": {"barn": "Er med den første halvtimen."},
        "svar": {"frist": "2026-12-10"},
    }  # fmt: skip
    return document(key, "INV", fields, sak, **more)


def minutes(key: str = "ref", sak: str = "s1", **more: object) -> Body:
    """REF, as it is issued before the meeting."""
    fields = {
        "moete": {"type": "samarbeid", "dato": "2026-11-23", "start": "09:00",
                  "sted": "Møterom 2", "leder": "Siv Stafett",
                  "formaal": "Se hvordan tiltakene virker."},
    }  # fmt: skip
    return document(key, "REF", fields, sak, **more)


def routine(key: str = "rut") -> Body:
    """RUT: a unit's routine, which belongs to a series."""
    fields = {
        "team": {"navn": "Tverrfaglig team", "skoleaar": "2026/2027", "mandat": "Drøfte tidlig",
                 "maalgruppe": "Alle elever", "leder": "Rita Test", "hyppighet": "Hver måned",
                 "moeteplan": "Første tirsdag"},
        "medlemmer": [{"navn": "Rita Test", "rolle": "Leder", "tjeneste": "Skole"}],
        "droefting": {"form": "begge"},
        "frist": {"sak": 7, "sakliste": 5, "referat": 3, "familie": 5},
        "rutine": {"gjelder_fra": "2026-12-01", "revideres": "2027-09-01",
                   "ansvarlig": "Rita Test"},
    }  # fmt: skip
    return {"id": key, "type": "RUT", "felter": fields}


def team_minutes(key: str = "tvt", form: str = "anonym", **more: object) -> Body:
    """TVT, as it is issued before the meeting."""
    fields = {
        "team": {"navn": "Tverrfaglig team"},
        "moete": {"dato": "2026-11-25", "start": "13:00", "sted": "Møterom 2",
                  "leder": "Rita Test"},
        "droefting": {"form": form, "meldt_av": "Kontaktlærer"},
        "situasjon": {"spoersmaal": "Hvordan kan vi gjøre overgangene tryggere?"},
    }  # fmt: skip
    return {"id": key, "type": "TVT", "felter": fields, **more}


# --- what comes back ------------------------------------------------------------------------


def drop(office: Office, name: str, data: bytes) -> Taken:
    """Lay a file in the inbox and take it in."""
    path = office.settings.inbox / name
    path.write_bytes(data)
    return take_in_file(office, path)


def papers(office: Office, type_code: str) -> list[tuple[str, Document]]:
    """Every document of a type: its chain, and the document."""
    cases = [office.case(chain) for chain in office.archive.chains()]
    return [(c.chain, d) for c in cases for d in c.documents if d.type == type_code]


def pdf_of(office: Office, ref: str) -> bytes:
    """The stamped PDF of a document."""
    return stamped_pdf(office, *office.document(Reference(ref)))


def docx_of(office: Office, ref: str) -> bytes:
    """The Word file of a document as it was issued."""
    found, document = office.document(Reference(ref))
    path = next(f.path for f in document.files if f.path.endswith(".docx"))
    return office.archive.document(found.chain, path)


def scanned(office: Office, ref: str, *, signed: bool = True, seed: int = 1) -> list[bytes]:
    """The document printed, signed where it asks for it, and scanned: a JPEG a page."""
    _, document = office.document(Reference(ref))
    places = document.places if signed else ()
    return scan(pdf_of(office, ref), seed=seed, sign=places, scanner=QUICK)


def written(docx: bytes, texts: Mapping[str, str], rows: Mapping[str, list[Body]]) -> bytes:
    """A Word file with texts in its controls by tag, and *rows* in the tables of repeated fields.

    As somebody does it in Word: a row is filled, and a copy of the last row is added when there is
    none left.
    """
    with zipfile.ZipFile(io.BytesIO(docx)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    root = etree.fromstring(parts["word/document.xml"])
    for tag, text in texts.items():
        controls = _controls(root, tag)
        assert controls, tag
        for control in controls:
            _write(control, text)
    for key, values in rows.items():
        _write_rows(root, key, values)
    parts["word/document.xml"] = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return out.getvalue()


def _write_rows(root: Any, key: str, values: Sequence[Body]) -> None:  # noqa: ANN401
    tables: list[Any] = []
    for control in root.iter(f"{_W}sdt"):
        row = next(control.iterancestors(f"{_W}tr"), None)
        if _tag(control).startswith(f"{key}.") and row is not None and row not in tables:
            tables.append(row)
    while len(tables) < len(values):
        copied = etree.fromstring(etree.tostring(tables[-1]))
        tables[-1].addnext(copied)
        tables.append(copied)
    for row, value in zip(tables, values, strict=False):
        for part, text in value.items():
            for control in _controls(row, f"{key}.{part}"):
                _write(control, text)


def _controls(root: Any, tag: str) -> list[Any]:  # noqa: ANN401
    return [control for control in root.iter(f"{_W}sdt") if _tag(control) == tag]


def _tag(control: Any) -> str:  # noqa: ANN401
    tag = control.find(f"{_W}sdtPr/{_W}tag")
    return "" if tag is None else str(tag.get(f"{_W}val"))


def _write(control: Any, text: str) -> None:  # noqa: ANN401
    shown = control.find(f"{_W}sdtPr/{_W}showingPlcHdr")
    if shown is not None:
        shown.getparent().remove(shown)
    content = control.find(f"{_W}sdtContent")
    texts = list(content.iter(f"{_W}t"))
    if not texts:
        paragraph = content if content.find(f"{_W}p") is None else content.find(f"{_W}p")
        run = etree.SubElement(paragraph, f"{_W}r")
        texts = [etree.SubElement(run, f"{_W}t")]
    texts[0].text = text
    for other in texts[1:]:
        other.text = ""


# --- what is there --------------------------------------------------------------------------


class Killed(BaseException):
    """The process is gone: no `except Exception` and no `finally` may do anything more."""


class DyingDisk(Disk):
    """Counts its steps, and from step *at* on does nothing but die."""

    def __init__(self, at: int | None = None) -> None:
        self.at = at
        self.names: list[str] = []

    def _step(self, name: str, path: Path) -> None:
        del path
        if self.at is not None and len(self.names) >= self.at:
            raise Killed
        self.names.append(name)


def story(office: Office) -> list[list[tuple[str, str, str]]]:
    """Every chain's events as (kind, outcome, what it is about), without what chance made.

    Case numbers and references differ from run to run, so they are not told.
    """
    chains = [office.case(chain) for chain in office.archive.chains()]
    about = {d.ref: d.key.rpartition("/")[2] or d.type for c in chains for d in c.documents}
    return sorted(
        [
            (event.kind, str(event.codes.get("outcome", "")), about.get(event.ref or "", ""))
            for event in office.archive.events(chain)
        ]
        for chain in (*office.archive.chains(), OFFICE)
    )


def sets(office: Office) -> list[list[str]]:
    """Which papers belong together, by the rows they were made of."""
    found: dict[str, list[str]] = {}
    for chain in office.archive.chains():
        for paper in office.case(chain).documents:
            found.setdefault(paper.set, []).append(paper.key)
    return sorted(sorted(keys) for keys in found.values())


def held_bytes(office: Office) -> set[str]:
    """The hash of everything that came or was made: in inbox, heaps, tray and cases."""
    archive = office.settings.archive
    places = (
        *office.settings.inbox.rglob("*"),
        *archive.glob("bunker/*"),
        *archive.glob("til-avklaring/*/original.*"),
        *archive.glob("*/*/dokumenter/*"),
    )
    return {
        digest(path.read_bytes())
        for path in places
        if path.is_file() and not path.name.startswith(TEMPORARY)
    }


def assert_sound(office: Office) -> None:
    """The archive verifies, without as much as a note."""
    report = verify(office.archive)
    assert report.ok, report.findings


def assert_outbox_whole(office: Office) -> None:
    """Every letter that counts has its copies there, and every batch its heap of what goes out."""
    outbox = {path.name: path.read_bytes() for path in office.settings.outbox.iterdir()}
    pages: dict[str, int] = {}
    for chain in office.archive.chains():
        case = office.case(chain)
        for paper in case.documents:
            for file in paper.files:
                name = file.path.rpartition("/")[2]
                if paper.superseded_by:
                    assert name not in outbox
                elif file.role == "issued":
                    assert outbox[name] == office.archive.document(chain, file.path)
            if not paper.superseded_by and Outgoing(case, paper).goes_out:
                count = pages.get(paper.batch, 0)
                pages[paper.batch] = count + paper.pages + paper.pages % 2
    for name, count in pages.items():
        heap = pypdfium2.PdfDocument(outbox[f"{name}_bunke.pdf"])
        assert len(heap) == count + 2, name  # and a first sheet with an empty back
        heap.close()
