"""SVR, the reply slip: one page to fill in by hand, with its own reference."""

from __future__ import annotations

from typing import Final

from letterhead import Paper, address
from wml import Cell, Row, bold, line, para, run, tab, table

_ANSWERS: Final = (
    ("svar.forslag", 18.0),
    ("svar.tema", 30.0),
    ("svar.barnet", 24.0),
    ("svar.stoetteperson", 13.0),
    ("svar.tolk", 13.0),
    ("svar.praktisk", 13.0),
)
"""The fields to write in and the height left for a pen, in millimetres."""


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
    meeting = (controls.day("moete.dato"), run(" "), controls.value("moete.start"), run(", "))
    title += para(controls.value("moete.type"), run(": "), *meeting, controls.value("moete.sted"))
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
    rows = tuple(
        Row(
            (
                Cell(line(controls.label(key), style="Ledetekst")),
                Cell(para(controls.value(key), style="Celle")),
            ),
            height=height,
        )
        for key, height in _ANSWERS
    )
    return table((52, 122), *rows) + para(style="Luft")


def _closing(paper: Paper) -> str:
    text = paper.say(
        "Du trenger ikke å skrive under. Lever slippen til {{ enhet.navn }}, eller send den til "
        "{% if enhet.adresse %}{{ enhet.adresse }}{% else %}{{ kommune.adresse }}, "
        "{{ kommune.postnr }} {{ kommune.poststed }}{% endif %}. Du kan også ringe "
        "{{ stafettholder.navn }}{% if stafettholder.telefon %} på {{ stafettholder.telefon }}"
        "{% endif %}.",
        "Du treng ikkje skrive under. Lever slippen til {{ enhet.navn }}, eller send han til "
        "{% if enhet.adresse %}{{ enhet.adresse }}{% else %}{{ kommune.adresse }}, "
        "{{ kommune.postnr }} {{ kommune.poststed }}{% endif %}. Du kan òg ringje "
        "{{ stafettholder.navn }}{% if stafettholder.telefon %} på {{ stafettholder.telefon }}"
        "{% endif %}.",
    )
    return line(text)
