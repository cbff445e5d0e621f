"""A letter as Word leaves it, in the tag language of every engine that is raced; and its records.

Two pages with header, footer, conditions and a table of measures. Runs carry revision ids, fonts
and language, `proofErr` stands between them, and three of four tags are split over several runs,
as in the templates that Norwegian counties publish. The same seed gives the same file.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Mm

SEED: Final = 20261122
_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PROPERTIES: Final = (
    '<w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/>'
    '<w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="nb-NO"/></w:rPr>'
)
_COLUMNS: Final = ("maal", "tiltak", "ansvarlig", "frist", "status")
_SENTENCES: Final = (
    "Vi viser til samtalen om hvordan hverdagen på skolen kan bli bedre.",
    "Alle som møter barnet, skal vite hva som er avtalt og hvem som følger det opp.",
    "Dere kan når som helst be om et nytt møte eller om å få se det som er skrevet.",
    "Stafettholderen er den dere kan ringe til når noe er uklart.",
    "Tiltakene under ble avtalt i møtet, og vi ser på dem igjen sammen med dere.",
    "Taushetsplikten gjelder for alle som deltar, også når saken er avsluttet.",
)


@dataclass(frozen=True, slots=True)
class Syntax:
    """How one engine writes what the letter needs; `{}` is the field's name."""

    name: str
    field: str
    begins: str = ""
    """The paragraph before conditional paragraphs; empty when the engine has no conditions."""
    ends: str = ""
    when: str = ""
    """The same within a line."""
    end_when: str = ""
    row_field: str = "{}"
    row_begins: str = ""
    """A row's beginning: a row of its own when `own_rows`, else before its first text."""
    row_ends: str = ""
    own_rows: bool = False
    merge_fields: bool = False
    """Fields are Word's own MERGEFIELDs."""


JINJA: Final = Syntax(
    "jinja", "{{{{ {} }}}}", "{{%p if {} %}}", "{{%p endif %}}", "{{% if {} %}}", "{{% endif %}}",
    "{{{{ t.{} }}}}", "{{%tr for t in tiltak %}}", "{{%tr endfor %}}", own_rows=True,
)  # fmt: skip
BRACES: Final = Syntax(
    "braces", "{{{}}}", "{{#{}}}", "{{/{}}}", "{{#{}}}", "{{/{}}}", "{{{}}}",
    "{{#tiltak}}", "{{/tiltak}}",
)  # fmt: skip
CARBONE: Final = Syntax(
    "carbone", "{{d.{}}}", "{{d.{}:ifEQ(true):showBegin}}", "{{d.{}:showEnd}}",
    "{{d.{}:ifEQ(true):showBegin}}", "{{d.{}:showEnd}}", "{{d.tiltak[i].{}}}",
    "", "{{d.tiltak[i+1]}}", own_rows=True,
)  # fmt: skip
MERGEFIELD: Final = Syntax("mergefield", "{}", merge_fields=True)
SYNTAXES: Final = {one.name: one for one in (JINJA, BRACES, CARBONE, MERGEFIELD)}


def records(count: int, marked: int = 10) -> list[dict[str, object]]:
    """Invented records, 4 to 12 rows each; any few neighbours are like the whole.

    One of *marked* has values with `&` and `<`, which must come out as typed.
    """
    draw = random.Random(SEED)  # noqa: S311  (no secret)
    made = [_record(draw, number) for number in range(count)]
    for one in made[::marked]:
        one.update(enhet="Eksempel skole & FAU", barn="Kari Prøvesen <født 2015>")
    return made


def record(rows: int) -> dict[str, object]:
    """One invented record with so many rows."""
    draw = random.Random(SEED)  # noqa: S311  (no secret)
    return {**_record(draw, 0), "tiltak": [_row(draw, n) for n in range(rows)]}


def _record(draw: random.Random, number: int) -> dict[str, object]:
    agreed = draw.random() < 0.7
    return {
        "kommune": "Testkommunen", "enhet": "Eksempel skole og FAU", "sak": f"2026-{number:04}",
        "navn": f"Ola {draw.randrange(10_000)} Eksempel", "adresse": f"Prøveveien {number}",
        "poststed": "0001 EKSEMPEL", "dato": f"{draw.randrange(1, 29)}. november 2026",
        "barn": f"Kari Prøvesen {number}", "holder": "Per Prøvesen", "telefon": "22 00 00 00",
        "moete": f"{draw.randrange(1, 29)}. desember 2026 kl. 09.00", "sted": "Møterom 2",
        "avtalt": agreed, "ikke_avtalt": not agreed, "kontakt": "post@testkommunen.example",
        "tiltak": [_row(draw, n) for n in range(4 + number * 5 % 9)],
    }  # fmt: skip


def _row(draw: random.Random, number: int) -> dict[str, object]:
    return {
        "maal": f"Mål {number + 1}: har én å være sammen med",
        "tiltak": "Fast voksen ved skolestart" + " og i friminuttet" * draw.randrange(2),
        "ansvarlig": draw.choice(("Kontaktlærer", "Helsesykepleier", "PPT", "Foresatte")),
        "frist": f"{draw.randrange(1, 29):02}.01.2027",
        "status": draw.choice(("ikke begynt", "i gang", "ferdig")),
    }


def letter(syntax: Syntax, pages: int = 2) -> bytes:
    """The template file in *syntax*, of about so many pages."""
    writer = _Writer(syntax)
    body = "".join(writer.body(pages))
    header = writer.part("hdr", [("{kommune}", " – {enhet}", ", sak {sak}")])
    footer = writer.part("ftr", [("{kontakt}", " · telefon {telefon}")])
    return _package(body, header, footer)


class _Writer:
    def __init__(self, syntax: Syntax) -> None:
        self._syntax = syntax
        self._draw = random.Random(SEED)  # noqa: S311  (no secret)

    def body(self, pages: int) -> Iterator[str]:
        """The document's paragraphs and its table."""
        yield from map(self._line, ("{navn}", "{adresse}", "{poststed}", "{dato}"))
        yield self._line("Til {navn}: plan for {barn}")
        yield from self._prose(3 + 8 * (pages - 2))
        yield from self._condition("avtalt", "Dere har avtalt med {holder} at planen gjelder.")
        yield from self._condition("ikke_avtalt", "Planen gjelder ikke før dere har sagt ja.")
        yield self._table()
        yield from self._prose(4)
        yield self._line("Neste møte er {moete}, {sted}.")
        yield self._inline("ikke_avtalt", "Ta med skjemaet dit.")
        yield self._line("Hilsen {holder}, telefon {telefon}")

    def part(self, root: str, lines: Sequence[Sequence[str]]) -> str:
        """A header or a footer."""
        inner = "".join(self._line("".join(line)) for line in lines)
        return f'<w:{root} xmlns:w="{_W}" xmlns:r="{_R}">{inner}</w:{root}>'

    def _prose(self, count: int) -> Iterator[str]:
        for number in range(max(1, count)):
            chosen = self._draw.sample(_SENTENCES, 3)
            named = " Det gjelder {barn}." if number % 2 else ""
            yield self._line(" ".join(chosen) + named)

    def _condition(self, name: str, line: str) -> Iterator[str]:
        begins, ends = self._syntax.begins, self._syntax.ends
        if begins:
            yield self._paragraph(self._split(begins.format(name)))
        yield self._line(line)
        if begins:
            yield self._paragraph(self._split(ends.format(name)))

    def _inline(self, name: str, line: str) -> str:
        begins, ends = self._syntax.when, self._syntax.end_when
        if not begins:
            return self._line(line)
        runs = self._split(begins.format(name)) + self._split(line) + self._split(ends.format(name))
        return self._paragraph(self._split("Husk: ") + runs)

    def _table(self) -> str:
        grid = '<w:gridCol w:w="1900"/>' * len(_COLUMNS)
        head = self._row([self._run(one.capitalize()) for one in _COLUMNS], "<w:tblHeader/>")
        cells = [self._field(self._syntax.row_field.format(one), one) for one in _COLUMNS]
        begins, ends = self._syntax.row_begins.format(), self._syntax.row_ends.format()
        if self._syntax.own_rows:
            before = [self._row([self._run(begins)] + [""] * 4)] if begins else []
            rows = [head, *before, self._row(cells), self._row([self._run(ends)] + [""] * 4)]
        else:
            cells[0] = (self._run(begins) if begins else "") + cells[0]
            cells[-1] += self._run(ends) if ends else ""
            rows = [head, self._row(cells)]
        return (
            '<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblLook w:val="04A0"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
        )

    def _row(self, cells: Sequence[str], properties: str = "") -> str:
        made = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="1900" w:type="dxa"/></w:tcPr>{self._paragraph(one)}</w:tc>'
            for one in cells
        )
        kept = f"<w:trPr>{properties}</w:trPr>" if properties else ""
        return f'<w:tr w:rsidR="{self._id()}" w:rsidTr="{self._id()}">{kept}{made}</w:tr>'

    def _line(self, text: str) -> str:
        pieces = re.split(r"\{(\w+)\}", text)
        runs = [
            self._field(self._syntax.field.format(piece), piece)
            if n % 2
            else self._prose_runs(piece)
            for n, piece in enumerate(pieces)
            if piece
        ]
        return self._paragraph("".join(runs))

    def _field(self, tag: str, name: str) -> str:
        if not self._syntax.merge_fields:
            return self._split(tag, chance=0.75)
        code = f'<w:instrText xml:space="preserve"> MERGEFIELD {name} </w:instrText>'
        marks = [f'<w:r>{_PROPERTIES}<w:fldChar w:fldCharType="{one}"/></w:r>'
                 for one in ("begin", "separate", "end")]  # fmt: skip
        return f"{marks[0]}<w:r>{code}</w:r>{marks[1]}{self._run(f'«{name}»')}{marks[2]}"

    def _prose_runs(self, text: str) -> str:
        return "".join(map(self._split, re.split(r"(?<=[.,] )", text)))

    def _split(self, text: str, chance: float = 0.5) -> str:
        """The text in one run or several, as Word cuts it at every edit and spelling check."""
        if self._draw.random() > chance or len(text) < 4:
            return self._run(text)
        cuts = sorted(self._draw.sample(range(1, len(text)), 2))
        one, two, three = text[: cuts[0]], text[cuts[0] : cuts[1]], text[cuts[1] :]
        start, end = '<w:proofErr w:type="spellStart"/>', '<w:proofErr w:type="spellEnd"/>'
        return self._run(one) + start + self._run(two) + end + self._run(three)

    def _run(self, text: str) -> str:
        inner = f'<w:t xml:space="preserve">{escape(text)}</w:t>'
        return f'<w:r w:rsidR="{self._id()}">{_PROPERTIES}{inner}</w:r>'

    def _paragraph(self, runs: str) -> str:
        start = f'<w:p w:rsidR="{self._id()}" w:rsidRDefault="{self._id()}" w:rsidP="{self._id()}">'
        return f'{start}<w:pPr><w:spacing w:after="120"/></w:pPr>{runs}</w:p>'

    def _id(self) -> str:
        return f"00{self._draw.randrange(1 << 24):06X}"


def _package(body: str, header: str, footer: str) -> bytes:
    """The parts in the shell that python-docx begins a document with."""
    shell = io.BytesIO()
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.header.is_linked_to_previous = False
    section.footer.is_linked_to_previous = False
    _slim(document)
    document.save(shell)
    with zipfile.ZipFile(shell) as source:
        members = {name: source.read(name) for name in source.namelist()}
    main = members["word/document.xml"].decode()
    start, end = main.index("<w:body>") + len("<w:body>"), main.index("<w:sectPr")
    members["word/document.xml"] = (main[:start] + body + main[end:]).encode()
    declared = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    members["word/header1.xml"] = (declared + header).encode()
    members["word/footer1.xml"] = (declared + footer).encode()
    return zipped(members)


def _slim(document: WordDocument) -> None:
    """Without the hundred table styles and the second copy of all styles, as Word's own files."""
    for owner in (document.part.rels, document.part.package.rels):
        unused = ("stylesWithEffects", "thumbnail")
        for key in [key for key, one in owner.items() if one.reltype.endswith(unused)]:
            del owner[key]
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and not style.name.startswith("Normal"):
            style.element.getparent().remove(style.element)


def zipped(members: Mapping[str, bytes]) -> bytes:
    """The members as a file, with fixed times."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, 8)
    return out.getvalue()
