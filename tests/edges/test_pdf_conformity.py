"""The quick look at conformity never passes what the whole validator would refuse."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf

from bti_docs.core.references import ArchiveName, Reference, page_codes
from bti_docs.merge import print_form
from bti_docs.pdf import convert, page_count, stamp
from bti_docs.pdf.conformity import is_known_to_conform
from tests.edges.docx_samples import docx, p
from tests.paper_samples import FOLDER, case, filled, making, values

FILES = sorted(FOLDER.glob("*.docx"))
stamping = import_module("bti_docs.pdf.stamp")


@cache
def converted(name: str) -> bytes:
    if name == "letter":
        return convert(docx(p("Testkommunen ☒") + p("Åse Prøvesen"), header=p("Topp")))
    code, language = name.split(".")
    record = None if code in {"TVT", "RUT"} else case()
    return convert(print_form(filled(making(code, language, record), values(code))))


@cache
def stamped(name: str) -> bytes:
    pdf = converted(name)
    codes = page_codes(ArchiveName("K7QM"), Reference("7K3MQ2XP"), page_count(pdf))
    return stamp(pdf, codes, title="Samtykke – Ø (1)", language="nn")


def opened(name: str) -> Pdf:
    """The document without the file's own streams, which do not exist before it is written."""
    plain = io.BytesIO()
    with pikepdf.open(io.BytesIO(stamped(name))) as document:
        document.save(plain, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return pikepdf.open(plain)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_official_paper_passes_both_with_the_same_bytes(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = path.stem
    quick = stamped(name)
    monkeypatch.setattr(stamping, "is_known_to_conform", lambda _: False)
    stamped.cache_clear()
    assert stamped(name) == quick  # the whole validator reads what it wrote, or raises
    monkeypatch.undo()
    stamped.cache_clear()
    calls: list[str] = []
    monkeypatch.setattr(pikepdf.pdfa, "save", lambda *_, **__: calls.append("whole"))
    assert stamped(name) == quick
    assert calls == []


def _first(document: Pdf, kind: Callable[[pikepdf.Object], bool]) -> pikepdf.Object:
    return next(item for item in document.objects if kind(item))


def _font(document: Pdf) -> pikepdf.Object:
    return _first(document, lambda item: _has(item, "/W") and "/DW" in item)


def _has(item: pikepdf.Object, key: str) -> bool:
    return isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)) and key in item


def _add_content(document: Pdf, text: bytes) -> None:
    page = document.pages[0]
    page.contents_add(document.make_stream(text))


WRONG: dict[str, Callable[[Pdf], None]] = {
    "an unknown operator": lambda d: _add_content(d, b"1 2 xx\n"),
    "a glyph before any font": lambda d: d.pages[0].contents_add(
        d.make_stream(b"BT\n<0003> Tj\nET\n"), prepend=True
    ),
    "a glyph the font lacks": lambda d: _add_content(d, b"BT\n/F4 9 Tf\n<FFFE> Tj\nET\n"),
    "the missing glyph": lambda d: _add_content(d, b"BT\n/F4 9 Tf\n<0000> Tj\nET\n"),
    "nested too deep": lambda d: _add_content(d, b"q\n" * 29 + b"Q\n" * 29),
    "another colour space": lambda d: _add_content(d, b"0 0 0 1 k\n"),
    "too great a number": lambda d: _add_content(d, b"q\n1 0 0 1 99999999999 0 cm\nQ\n"),
    "other widths": lambda d: _font(d).__setattr__("W", Array([0, Array([1] * 300)])),
    "no font file": lambda d: _font(d).FontDescriptor.__delitem__("/FontFile2"),
    "a damaged font": lambda d: _font(d).FontDescriptor.FontFile2.write(b"\0\1\0\0nothing"),
    "a blend": lambda d: _first(d, lambda i: _has(i, "/BM")).__setattr__("BM", Name("/Odd")),
    "an action": lambda d: d.Root.__setattr__("OpenAction", Dictionary(S=Name.JavaScript, JS="1")),
    "an annotation": lambda d: d.pages[0].obj.__setattr__(
        "Annots", Array([Dictionary(Type=Name.Annot, Subtype=Name.Movie)])
    ),
    "a long name": lambda d: _font(d).__setattr__("BaseFont", Name("/" + "x" * 200)),
    "a forbidden stream": lambda d: _font(d).FontDescriptor.FontFile2.__setattr__("F", "x"),
    "no output intent": lambda d: d.Root.__delitem__("/OutputIntents"),
    "no metadata": lambda d: d.Root.__delitem__("/Metadata"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_not_passed(name: str) -> None:
    with opened("SAM.nb") as document:
        assert is_known_to_conform(document)
        WRONG[name](document)
        assert not is_known_to_conform(document)


VALUES = [0, -1, 2**31, 1.5, "tekst", Name.Odd, Name.Normal, True]


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_changed_value_that_passes_here_passes_the_whole_validator(
    data: st.DataObject,
) -> None:
    with opened("letter") as document:
        items = [item for item in document.objects if _has(item, "") or hasattr(item, "keys")]
        item = data.draw(st.sampled_from(range(len(items))).map(items.__getitem__))
        key = data.draw(st.sampled_from(sorted(item.keys())))
        value = data.draw(st.sampled_from([*VALUES, "delete"]))
        if isinstance(item, pikepdf.Stream):
            return
        if value in ("delete", None):
            del item[key]
        else:
            item[key] = value
        if is_known_to_conform(document):
            logging.disable(logging.WARNING)
            try:
                report = pikepdf.pdfa.check(document, "2b")
            finally:
                logging.disable(logging.NOTSET)
            assert report.passed, (key, value, report.findings)
