"""TVT, minutes of the multidisciplinary team: one document for each case."""

from __future__ import annotations

from letterhead import Paper, told
from minutes import about, measures, meeting, onward, pair, participants, tried
from wml import bold, line, para, run, when


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
            (pair(paper, "droefting.meldt_av"), _level(paper)),
        )
        + participants(paper)
    )


def _level(paper: Paper) -> tuple[str, str]:
    return paper.say("Nivå nå", "Nivå no"), para(run("{{ sak.nivaa }}"), style="Celle")


def _case(paper: Paper) -> str:
    keys = ("situasjon.spoersmaal", "situasjon.naa", "situasjon.styrker", "situasjon.aarsaker")
    columns = (("nr", 11.0), ("tiltak", 69.0), ("ansvarlig", 38.0), ("resultat", 56.0))
    how = para(
        bold(paper.controls.label("stemme.hvordan") + ": "), paper.controls.value("stemme.hvordan")
    )
    voices = told(paper, "stemme.tekst") + how + told(paper, "hjemmet.syn")
    named = when("barn.navn", voices)
    return told(paper, *keys) + tried(paper, *columns) + named


def _advice(paper: Paper) -> str:
    controls = paper.controls
    tell = para(
        controls.value("tilbakemelding.hvem"),
        run(paper.say(" innen ", " innan ")),
        controls.value("tilbakemelding.dato"),
        style="Celle",
    )
    rows = (
        pair(paper, "konklusjon"),
        (controls.label("tilbakemelding.hvem"), tell),
        pair(paper, "nivaa.videre"),
        pair(paper, "neste_moete.dato"),
        pair(paper, "kopi_til"),
    )
    return told(paper, "raad.tekst") + measures(paper) + onward(paper, *rows)
