"""TVT, minutes of the multidisciplinary team: one document for each case."""

from __future__ import annotations

from letterhead import Paper, heading, told, when_asked
from minutes import about, measures, meeting, onward, optional, pair, participants, tried
from wml import bold, inline_if, line, para, run, when


def body(paper: Paper) -> str:
    """The whole document."""
    return _opening(paper) + _case(paper) + _advice(paper)


def _opening(paper: Paper) -> str:
    return (
        line(paper.title, style="Heading1")
        + about(paper)
        + meeting(
            paper,
            (pair(paper, "team.navn"), pair(paper, "droefting.form")),
            (pair(paper, "droefting.meldt_av"), optional(paper, "moete.nummer")),
        )
        + participants(paper)
    )


def _case(paper: Paper) -> str:
    keys = ("situasjon.spoersmaal", "situasjon.naa", "situasjon.styrker", "situasjon.aarsaker")
    columns = (("nr", 11.0), ("tiltak", 69.0), ("ansvarlig", 38.0), ("resultat", 56.0))
    label = bold(paper.controls.label("stemme.hvordan") + ": ")
    how = para(label, paper.controls.value("stemme.hvordan"))
    voices = told(paper, "stemme.tekst") + when_asked(paper, "stemme.hvordan", how)
    voices += told(paper, "hjemmet.syn")
    named = when("barn.navn", voices)
    return told(paper, *keys) + tried(paper, *columns) + named


def _advice(paper: Paper) -> str:
    controls = paper.controls
    tell = para(
        controls.value("tilbakemelding.hvem"),
        inline_if(
            controls.asked("tilbakemelding.dato"),
            run(paper.say(" innen ", " innan ")),
            controls.value("tilbakemelding.dato"),
        ),
        style="Celle",
    )
    rows = (
        ("konklusjon", pair(paper, "konklusjon")),
        ("tilbakemelding.hvem", (heading(paper, "tilbakemelding.hvem"), tell)),
        ("nivaa.videre", pair(paper, "nivaa.videre")),
        ("neste_moete.dato", pair(paper, "neste_moete.dato")),
        ("kopi_til", pair(paper, "kopi_til")),
    )
    return told(paper, "raad.tekst") + measures(paper) + onward(paper, *rows)
