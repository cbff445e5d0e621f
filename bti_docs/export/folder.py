"""The family's folder: a page to start with, one PDF with everything, the papers, the checksums."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Final

from bti_docs import messages
from bti_docs.core.family_model import FamilyCopy, Paper
from bti_docs.core.model import DocumentFile
from bti_docs.export.combined import Part, as_pages, combined
from bti_docs.export.front import Front, Paragraph
from bti_docs.export.pages import FOLDER, PaperFile, PaperView, family_html, folder_title
from bti_docs.export.reading import PDF, WORD, joined, read_file
from bti_docs.export.wordfile import word_file
from bti_docs.export.wordtext import Line, word_lines

Read = Callable[[DocumentFile], bytes]
"""A document file's bytes, as they lie in the case folder."""

START: Final = "START_HER.html"
TOGETHER: Final = "Samlet.pdf"
CHECKSUMS: Final = "sjekksummer.txt"
READ_ME: Final = "les-meg.txt"
_LETTERS: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "đ": "d", "ŋ": "n", "ŧ": "t"})


def family_folder(
    copy: FamilyCopy, *, read: Read, to_pdf: Callable[[bytes], bytes]
) -> Mapping[str, bytes]:
    """The folder's files by their names in it.

    Args:
        copy: What the person gets.
        read: Gives the bytes of a document's file.
        to_pdf: Makes PDF of a Word file.
    """
    papers: list[PaperView] = []
    found: dict[str, tuple[str, bytes]] = {}
    for paper in copy.papers:
        data = {file.path: read(file) for file in _wanted(paper)}
        named = dict(_named(paper))
        papers.append(_view(paper, named, data))
        found |= {name: (file.media, data[file.path]) for name, file in named.items()}
    views = tuple(papers)
    files = {name: data for name, (_, data) in found.items()}
    files[TOGETHER] = _together(copy, views, found, to_pdf)
    files[READ_ME] = _read_me(copy)
    files[START] = family_html(copy, views, {name: _sum(data) for name, data in files.items()})
    files[CHECKSUMS] = _checksums(files)
    return files


def _wanted(paper: Paper) -> Iterator[DocumentFile]:
    yield from dict.fromkeys((*paper.files, *paper.readable))
    if paper.printed is not None:
        yield paper.printed


def _named(paper: Paper) -> Iterator[tuple[str, DocumentFile]]:
    """Names that tell number, day and type, and nothing of a person."""
    day = f"{paper.day.isoformat()}_" if paper.day else ""
    for count, file in enumerate(paper.files, start=1):
        more = f"_{count}" if count > 1 else ""
        ending = file.path.rpartition(".")[2].lower()
        name = f"{paper.number:02}_{day}{_plain(paper.title)}{more}.{_plain(ending)}"
        yield f"{FOLDER}/{name}", file


def _plain(text: str) -> str:
    """ASCII letters, digits and hyphens, in lower case."""
    spelt = unicodedata.normalize("NFD", text.lower().translate(_LETTERS))
    bare = (c for c in spelt if not unicodedata.combining(c))
    kept = "".join(c if c.isascii() and c.isalnum() else " " for c in bare)
    return "-".join(kept.split()) or "papir"


def _view(paper: Paper, named: Mapping[str, DocumentFile], data: Mapping[str, bytes]) -> PaperView:
    form = paper.by_hand
    reading = joined(read_file(data[f.path], f.media, form=form) for f in paper.readable)
    printed = paper.printed is not None and bool(reading.pictures) and not reading.texts
    texts = reading.texts
    if printed and paper.printed is not None:
        texts = read_file(data[paper.printed.path], paper.printed.media, form=form).texts
    return PaperView(
        paper=paper,
        names=tuple(PaperFile(name, _link(file.media)) for name, file in named.items()),
        texts=texts,
        printed=printed and bool(texts),
        pictures=reading.pictures,
    )


def _link(media: str) -> str:
    known = {PDF: "family_page_open", WORD: "family_page_open_word"}
    return known.get(media, "family_page_open_other")


def _together(
    copy: FamilyCopy,
    views: tuple[PaperView, ...],
    found: Mapping[str, tuple[str, bytes]],
    to_pdf: Callable[[bytes], bytes],
) -> bytes:
    pages = {
        file.name: _pages(copy, view, *found[file.name], to_pdf)
        for view in views
        for file in view.names
    }
    left_out = frozenset(name for name, pdf in pages.items() if pdf is None)
    front = to_pdf(word_file(Front(copy).paragraphs(views, left_out), copy.language))
    parts = [Part(messages.text("family_pdf_front", copy.language), "", front)]
    for view in views:
        title = f"{view.paper.number}. {view.paper.title}, {view.paper.day_text}"
        for file in view.names:
            pdf = pages[file.name]
            if pdf is not None:
                parts.append(Part(title, f"{view.paper.number}-", pdf))
    return combined(parts, title=f"{folder_title(copy)} {copy.case_id}", language=copy.language)


def _pages(
    copy: FamilyCopy, view: PaperView, media: str, data: bytes, to_pdf: Callable[[bytes], bytes]
) -> bytes | None:
    """A file as pages; of a Word file that came without any, its text."""
    pages = as_pages(data, media)
    lines = word_lines(data) if media == WORD else ()
    if pages is not None or not lines:
        return pages
    return to_pdf(word_file(_paragraphs(view.paper.title, lines), copy.language))


def _paragraphs(title: str, lines: Iterable[Line]) -> Iterator[Paragraph]:
    first, *rest = lines
    if first.level is None:
        yield Paragraph("Heading1", title)
    for line, after in pairwise((first, *rest, Line(""))):
        if line.level is not None:
            yield Paragraph("Heading1" if line.level <= 1 else "Heading2", line.text)
        elif line.text or after.level is None:
            yield Paragraph("Normal", line.text)


def _read_me(copy: FamilyCopy) -> bytes:
    text = messages.text(
        "family_read_me",
        copy.language,
        reader=copy.reader,
        day=copy.on_text,
        municipality=copy.municipality.name,
        phone=copy.municipality.phone,
        folder=FOLDER,
    )
    return text.strip().replace("\n", "\r\n").encode() + b"\r\n"


def _checksums(files: Mapping[str, bytes]) -> bytes:
    """As `sha256sum -c` reads them."""
    return "".join(f"{_sum(data)}  {name}\n" for name, data in sorted(files.items())).encode()


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
