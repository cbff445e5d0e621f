"""REF, minutes of a cooperation meeting: finished in Word, read back into the relay log."""

from __future__ import annotations

from letterhead import Paper, told
from minutes import (
    about,
    measures,
    meeting,
    onward,
    optional,
    pair,
    participants,
    remarks,
    tried,
)
from wml import bold, either, line, para, run, tag_row, when


def body(paper: Paper) -> str:
    """The whole document."""
    return _opening(paper) + _since(paper) + _views(paper) + _decided(paper)


def _opening(paper: Paper) -> str:
    none = paper.say("Ikke valgt ennå", "Ikkje vald enno")
    name = either("stafettholder.navn", "{{ stafettholder.navn }}", none)
    holder = paper.say("Stafettholder", "Stafetthaldar"), para(run(name), style="Celle")
    replaces = when("dok.erstatter", para(bold("{{ dok.erstatter }}")))
    return (
        line(paper.title, style="Heading1")
        + about(paper)
        + replaces
        + meeting(
            paper,
            (pair(paper, "moete.type"), holder),
            tag_row("{%tr if not dok.ferdig or moete.nummer or tolk.navn %}", 4),
            (optional(paper, "moete.nummer"), optional(paper, "tolk.navn")),
            tag_row("{%tr endif %}", 4),
        )
        + participants(paper)
        + told(paper, "moete.formaal")
    )


def _since(paper: Paper) -> str:
    columns = (
        ("nr", 11.0), ("tiltak", 59.0), ("ansvarlig", 32.0), ("resultat", 48.0), ("status", 24.0),
    )  # fmt: skip
    return when("forrige_tiltak", tried(paper, *columns))


def _views(paper: Paper) -> str:
    how = para(
        bold(paper.controls.label("stemme.hvordan") + ": "), paper.controls.value("stemme.hvordan")
    )
    keys = ("hjemmet.syn", "situasjon.naa", "situasjon.styrker", "situasjon.vurdering")
    return told(paper, "stemme.tekst") + how + told(paper, *keys)


def _decided(paper: Paper) -> str:
    controls = paper.controls
    taker = para(
        controls.part("ny_stafettholder", "navn"),
        run("   "),
        controls.part("ny_stafettholder", "tjeneste"),
        run("   "),
        controls.part("ny_stafettholder", "telefon"),
        style="Celle",
    )
    following = para(
        controls.value("neste_moete.dato"), run("   "), controls.value("neste_moete.type"),
        style="Celle",
    )  # fmt: skip
    rows = (
        ("informeres", pair(paper, "informeres")),
        ("uenighet", pair(paper, "uenighet")),
        ("nivaa.videre", pair(paper, "nivaa.videre")),
        ("ny_stafettholder", (controls.label("ny_stafettholder"), taker)),
        ("neste_moete.dato", (controls.label("neste_moete.dato"), following)),
        ("neste_moete.innkaller", pair(paper, "neste_moete.innkaller")),
        ("merknad.frist", pair(paper, "merknad.frist")),
        ("kopi_til", pair(paper, "kopi_til")),
    )
    text = measures(paper) + told(paper, "beslutning.tekst") + onward(paper, *rows)
    return text + remarks(paper)
