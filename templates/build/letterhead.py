"""What every page of every document has: header, footer, address, boxes and signature lines."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from controls import Controls
from pictures import anchored, inline
from wml import (
    ACCENT,
    TINT,
    Cell,
    Repeated,
    Row,
    bold,
    each,
    either,
    field,
    line,
    para,
    run,
    tab,
    table,
    tag,
    tag_row,
    tick,
    when,
)

WIDTH: Final = 174.0
"""Millimetres between the margins."""
_HEADER: Final = (88.0, 18.0, 54.0)
"""Sender, arms, access: together they end at x = 178 mm, left of the code's quiet zone."""
_ADDRESS: Final = (86.0, 6.0, 82.0)
"""The address, which ends at x = 104 mm, inside the envelope's window; air; the contact."""
_OWN: Final[Mapping[str, tuple[str, str]]] = {
    "stemme.tekst": ("Det {{ barn.fornavn }} selv sier", "Det {{ barn.fornavn }} sjølv seier"),
    "hjemmet.syn": ("Det familien sier", "Det familien seier"),
    "tilbakemelding.hvem": (
        "Hvem forteller {{ barn.fornavn }} om rådene, og når",
        "Kven fortel {{ barn.fornavn }} om råda, og når",
    ),
    "deltakelse.barn": ("Slik er du med", "Slik er du med"),
}
"""Labels that speak of a child or of guardians, when there are none: bokmål and nynorsk."""
_SIGN: Final = (60.0, 10.0, 75.0, 29.0)
"""Place and date, air, signature (75 mm wide, 20 mm or more from both codes), air."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One document type in one language, with its manifest."""

    manifest: Mapping[str, Any]
    language: Literal["nb", "nn"]
    body: float = 11
    """Points of running text."""

    @property
    def title(self) -> str:
        """The document's name."""
        return str(self.manifest["title"][self.language])

    @property
    def locale(self) -> str:
        """The language tag Word wants."""
        return f"{self.language}-NO"

    @property
    def controls(self) -> Controls:
        """The values of the manifest as content controls."""
        return Controls(self.manifest, self.language)

    def say(self, nb: str, nn: str) -> str:
        """The one of two sentences that is in this paper's language."""
        return nb if self.language == "nb" else nn


def open_paper(manifest: Path, language: Literal["nb", "nn"], body: float = 11) -> Paper:
    """A paper for the document type whose *manifest* it is."""
    return Paper(tomllib.loads(manifest.read_text("utf-8")), language, body)


def header_xml() -> str:
    """Sender to the left, arms, access to the right, code place at x = 183 mm."""
    sender = para(run("{{ kommune.navn }}", style="Stor"), style="Header")
    sender += line("{{ enhet.navn }}", style="Header")
    access = para(style="Header") + when(
        "dok.tilgang",
        para(bold("{{ dok.tilgang }}"), style="Header", align="right"),
        para(run("{{ dok.hjemmel }}"), style="Header", align="right"),
    )
    arms = para(inline("rId1", 901, "bilde:logo", 15), style="Header", align="right")
    cells = (sender, arms, access)
    ruled = tuple(Cell(content, borders="bottom", rule=ACCENT, bottom=True) for content in cells)
    head = table(_HEADER, Row(ruled, height=19.5, exact=True), style="BTIOppsett")
    code = anchored("rId2", 902, "kode", 18, (183, 9))
    return head + para(code, style="Luft")


def footer_xml(paper: Paper, *, first: bool) -> str:
    """Reference, case, template version and page, right of the code; explanations once."""
    case = either("sak.serie", "Serie", "BTI-nummer")
    left = f"{{{{ dok.ref }}}}  ·  {case} {{{{ sak.nummer }}}}  ·  {{{{ dok.versjon }}}}"
    page = [run(paper.say("Side ", "Side ")), field("PAGE"), run(" av "), field("NUMPAGES")]
    rows = para(run(left), tab(), *page, style="Footer")
    if not first:
        return rows
    why = paper.say(
        "Koden hjelper oss å legge arket i riktig sak. Den inneholder ikke navn.",
        "Koden hjelper oss å leggje arket i rett sak. Han inneheld ikkje namn.",
    )
    access = paper.say(
        "gjelder andres innsyn. Du kan vise papiret til hvem du vil.",
        "gjeld innsyn for andre. Du kan vise papiret til kven du vil.",
    )
    meaning = when("dok.tilgang", line(f"«{{{{ dok.tilgang }}}}» {access}", style="Footer"))
    return rows + line(why, style="Footer") + meaning


def address(paper: Paper) -> str:
    """The top of a letter: only the address in the window, date and contact to its right.

    The row is as high in every letter, so that the text below starts at the same place; only
    names too long for the window make it higher.
    """
    window = para(style="Avstand") + line("{{ mottaker.navn }}", style="Adresse")
    window += tag("{%p for adresselinje in mottaker.adresselinjer %}")
    window += line("{{ adresselinje }}", style="Adresse") + tag("{%p endfor %}")
    contact = para(style="Avstand")
    contact += line("{{ dok.dato|dato_lang }}", style="Adresse")
    contact += para(
        bold(paper.say("Vår referanse: ", "Vår referanse: ")), run("{{ dok.ref }}"), style="Celle"
    )
    contact += para(style="Luft")
    contact += line(either("stafettholder.navn", "Kontaktperson", "Kontakt"), style="Ledetekst")
    contact += line("{{ kontakt.navn }}", style="Celle")
    contact += when("kontakt.telefon", line("{{ kontakt.telefon }}", style="Celle"))
    contact += when("kontakt.epost", line("{{ kontakt.epost }}", style="Celle"))
    air = Cell(para(style="Celle"))
    row = Row((Cell(window, flush=True), air, Cell(contact)), height=50)
    return table(_ADDRESS, row, style="BTIOppsett") + para(style="Luft")


def box(*content: str) -> str:
    """A quiet box with the accent at its left."""
    cell = Cell("".join(content), fill=TINT, borders="left", rule=ACCENT)
    return table((WIDTH,), Row((cell,)), style="BTIRamme") + para(style="Luft")


def urgent(paper: Paper) -> str:
    """«Når det haster»: the profile's lines."""
    numbers = each("h", "haster", bold("{{ h.telefon }}"), run(" {{ h.tekst }}    "))
    title = bold(paper.say("Når det haster:  ", "Når det hastar:  "))
    return when("haster", box(para(title, numbers, style="Ramme")))


def signatures(paper: Paper) -> str:
    """A line for everyone who signs, the unique label under it, place and date beside.

    Line and label are one row, because not every PDF engine keeps two rows on one page.
    """
    date = line(paper.say("Sted og dato", "Stad og dato"), style="Etikett", keep=True)
    label = line("{{ u.etikett }}", style="Etikett", keep=True)
    rule = para(style="Strek", keep=True)
    air = Cell(para(style="Etikett"))
    row = Row((Cell(rule + date, flush=True), air, Cell(rule + label, flush=True), air))
    loop = (tag_row("{%tr for u in underskrifter %}", 4), row, tag_row("{%tr endfor %}", 4))
    return table(_SIGN, *loop, style="BTIOppsett") + para(style="Luft")


def facts(*rows: tuple[str, str] | Row, widths: tuple[float, float] = (48, 126)) -> str:
    """Label and value side by side; a `Row` (a control tag) goes in as it is."""
    made = (
        row if isinstance(row, Row) else Row((Cell(line(row[0], style="Ledetekst")), Cell(row[1])))
        for row in rows
    )
    return table(widths, *made, style="BTIFakta") + para(style="Luft")


def rows_if(condition: str, *rows: tuple[str, str]) -> tuple[tuple[str, str] | Row, ...]:
    """Rows that are there only when *condition* holds; always when it is empty."""
    if not condition:
        return rows
    return (tag_row(f"{{%tr if {condition} %}}", 2), *rows, tag_row("{%tr endif %}", 2))


def grid(*rows: tuple[tuple[str, str], ...] | Row) -> str:
    """Two labels and two values a row: what a meeting was, in few lines."""
    made = (row if isinstance(row, Row) else Row(tuple(_cells(row))) for row in rows)
    return table((30, 57, 30, 57), *made, style="BTIFakta") + para(style="Luft")


def _cells(pairs: tuple[tuple[str, str], ...]) -> Iterator[Cell]:
    for label, content in pairs:
        yield Cell(line(label, style="Ledetekst"))
        yield Cell(content)


def listed(
    paper: Paper, key: str, columns: tuple[tuple[str, float], ...], heads: tuple[str, ...]
) -> str:
    """A repeated block as a table: heading row that repeats, one row for each in the list."""
    head = Row(tuple(Cell(line(text, style="Tabellhode")) for text in heads), header=True)
    cells = tuple(
        Cell(para(paper.controls.part(key, sub, "rad"), style="Celle")) for sub, _ in columns
    )
    widths = tuple(width for _, width in columns)
    begin = tag_row(f"{{%tr for rad in {key} %}}", len(columns))
    end = tag_row("{%tr endfor %}", len(columns))
    label = paper.controls.label(key)
    rows = Repeated(key, label, (begin, end), Row(cells))
    return table(widths, head, rows, about=label) + para(style="Luft")


def told(paper: Paper, *keys: str) -> str:
    """Headings with the long text under each, in the order given."""
    value = paper.controls.value
    return "".join(
        when_asked(paper, key, line(heading(paper, key), style="Heading2"), para(value(key)))
        for key in keys
    )


def heading(paper: Paper, key: str) -> str:
    """A field's label; another one when the case is a grown-up's or a pregnant woman's own."""
    label = paper.controls.label(key)
    own = _OWN.get(key)
    return either("barn.alene", paper.say(*own), label) if own else label


def when_asked(paper: Paper, key: str, *content: str) -> str:
    """Paragraphs that go when an optional field is blank in a complete paper."""
    condition = paper.controls.asked(key)
    return when(condition, *content) if condition else "".join(content)


def ticked(item: str, values: str) -> str:
    """One line with a ticked box for each of *values*: printed, so nothing is left to tick."""
    return (
        tag(f"{{%p for {item} in {values} %}}")
        + para(tick("☒"), tab(), run(f"{{{{ {item} }}}}"), style="Avkryss")
        + tag("{%p endfor %}")
    )
