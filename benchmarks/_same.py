"""Whether what is raced is right: the same letters as docxtpl's, and files that others open."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from docx import Document
from docxtpl import DocxTemplate
from lxml import etree

from bti_docs.merge import Template

PARTS: Final = ("word/document.xml", "word/header1.xml", "word/footer1.xml")
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_NOISE: Final = frozenset(_W + name for name in ("proofErr", "lastRenderedPageBreak"))


def same_letters(
    template: bytes, records: Sequence[dict[str, object]], converted: int
) -> Iterator[tuple[str, int, int]]:
    """Checks by name: how many, and how many were right."""
    engine = Template.open(template)
    ours = [engine.render(record) for record in records]
    theirs = [_docxtpl(template, record) for record in records]
    pairs = list(zip(ours, theirs, strict=True))
    yield "canonically docxtpl's, tidied", len(pairs), sum(tidied(a) == tidied(b) for a, b in pairs)
    yield (
        "same bytes again",
        len(ours),
        sum(engine.render(record) == made for record, made in zip(records, ours, strict=True)),
    )
    yield "python-docx opens it", len(ours), sum(bool(_paragraphs(made)) for made in ours)
    if converted and shutil.which("soffice"):
        yield "LibreOffice converts it", converted, _converted(ours[:converted])


def tidied(content: bytes) -> list[bytes]:
    """The parts that records change, canonical, without what Word writes for itself."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [_tidy(archive.read(part)) for part in PARTS]


def _tidy(content: bytes) -> bytes:
    root = etree.fromstring(content)
    etree.strip_elements(root, *_NOISE, with_tail=False)
    for element in root.iter():
        for name in [
            n for n in element.attrib if str(n).startswith(f"{_W}rsid") or n == _XML_SPACE
        ]:
            del element.attrib[name]
    for run in list(root.iter(f"{_W}r")):
        _join(run)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, method="c14n", exclusive=True)


def _join(run: etree._Element) -> None:
    """Put a run's text into the run before it when they look alike; drop it when it is empty."""
    before, parent = run.getprevious(), run.getparent()
    texts = [one for one in run if one.tag != f"{_W}rPr"]
    if not all(one.tag == f"{_W}t" for one in texts) or parent is None:
        return
    text = "".join(one.text or "" for one in texts)
    alike = before is not None and before.tag == run.tag and _looks(before) == _looks(run)
    if alike and before is not None and before[-1].tag == f"{_W}t":
        before[-1].text = (before[-1].text or "") + text
    if not text or (alike and before is not None and before[-1].tag == f"{_W}t"):
        parent.remove(run)
        return
    for extra in texts[1:]:
        run.remove(extra)
    texts[0].text = text


def _looks(run: etree._Element) -> bytes:
    properties = run.find(f"{_W}rPr")
    return b"" if properties is None else etree.tostring(properties, method="c14n")


def _docxtpl(template: bytes, record: dict[str, object]) -> bytes:
    filled, out = DocxTemplate(io.BytesIO(template)), io.BytesIO()
    filled.render(record, autoescape=True)
    filled.save(out)
    return out.getvalue()


def _paragraphs(content: bytes) -> int:
    return len(Document(io.BytesIO(content)).paragraphs)


def _converted(documents: Sequence[bytes]) -> int:
    with TemporaryDirectory(prefix="bti-bench-") as name:
        folder = Path(name)
        for number, content in enumerate(documents):
            (folder / f"{number}.docx").write_bytes(content)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        words = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", name]
        files = [str(path) for path in sorted(folder.glob("*.docx"))]
        subprocess.run([*words, *files], check=True, capture_output=True)  # noqa: S603
        return len(list(folder.glob("*.pdf")))
