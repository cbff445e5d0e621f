"""SVR, the reply slip: one page to fill in by hand, with its own reference."""

from __future__ import annotations

from typing import Final

from letterhead import Paper, address
from wml import Cell, Row, bold, either, inline_if, line, para, run, tab, table, tag_row, when

_ANSWERS: Final = (
    ("svar.forslag", 16.0),
    ("svar.tema", 25.0),
    ("svar.barnet", 22.0),
    ("svar.stoetteperson", 13.0),
    ("svar.tolk", 13.0),
    ("svar.praktisk", 13.0),
)
"""The fields to write in and the height left for a pen, in millimetres."""


_OF_THE_CHILD: Final = "svar.barnet"
"""Not asked of somebody whose own case it is."""


def body(paper: Paper) -> str:
    """The whole document."""
    return address(paper) + _opening(paper) + _ticks(paper) + _answers(paper) + _closing(paper)


def _opening(paper: Paper) -> str:
    say, controls = paper.say, paper.controls
    title = line(paper.title, style="Heading1")
    title += line(
        say("Svar på invitasjon til tverrfaglig møte", "Svar på invitasjon til tverrfagleg møte"),
        style="Subtitle",
    )
    whose = para(bold(say("Gjelder: ", "Gjeld: ")), run("{{ barn.fornavn }}"))
    title += when("barn.fornavn and not barn.alene", whose)
    meeting = (controls.day("moete.dato"), run(" "), controls.value("moete.start"))
    place = inline_if("moete.sted", run(", "), controls.value("moete.sted"))
    title += para(controls.value("moete.type"), run(": "), *meeting, place)
    by = say("Svar innen ", "Svar innan ")
    how = say(
        ". Kryss av og skriv med penn.",
        ". Kryss av og skriv med penn.",
    )
    return title + para(bold(by), controls.value("svar.frist", style="Strong"), run(how))


def _ticks(paper: Paper) -> str:
    cells = tuple(
        Cell(para(paper.controls.box(key), tab(), run(paper.controls.label(key)), style="Valg"))
        for key in ("svar.kommer", "svar.kommer_ikke", "svar.passer_ikke")
    )
    return table((48, 54, 72), Row(cells, height=11), style="BTIOppsett") + para(style="Luft")


def _answers(paper: Paper) -> str:
    controls = paper.controls
    rows: list[Row] = []
    for key, height in _ANSWERS:
        label = Cell(line(controls.label(key), style="Ledetekst"))
        row = Row((label, Cell(para(controls.value(key), style="Celle"))), height=height)
        if key == _OF_THE_CHILD:
            rows += [tag_row("{%tr if not barn.alene %}", 2), row, tag_row("{%tr endif %}", 2)]
        else:
            rows.append(row)
    return table((52, 122), *rows) + para(style="Luft")


def _closing(paper: Paper) -> str:
    where = either("enhet.navn", "{{ enhet.navn }}", "{{ kommune.navn }}")
    send = paper.say(", eller send den til ", ", eller send han til ")
    to = f"{where}{{% if kontakt.adresse %}}{send}{{{{ kontakt.adresse }}}}{{% endif %}}."
    call = paper.say(" Du kan også ringe ", " Du kan òg ringje ")
    call += "{{ kontakt.navn }} på {{ kontakt.telefon }}."
    text = paper.say(
        "Du trenger ikke å skrive under. Lever slippen til ",
        "Du treng ikkje skrive under. Lever slippen til ",
    )
    return line(f"{text}{to}{{% if kontakt.telefon %}}{call}{{% endif %}}")
