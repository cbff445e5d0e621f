"""REF, minutes of a cooperation meeting: finished in Word, read back into the relay log."""

from __future__ import annotations

from letterhead import Paper, told
from minutes import about, measures, meeting, onward, pair, participants, remarks, tried
from wml import bold, line, para, run, when


def body(paper: Paper) -> str:
    """The whole document."""
    return _opening(paper) + _since(paper) + _views(paper) + _decided(paper)


def _opening(paper: Paper) -> str:
    holder = para(run("{{ stafettholder.navn }}"), style="Celle")
    label = paper.say("Stafettholder", "Stafetthaldar")
    replaces = when("dok.erstatter", para(bold("{{ dok.erstatter }}")))
    return (
        line(paper.title, style="Heading1")
        + about(paper)
        + replaces
        + meeting(
            paper,
            (pair(paper, "moete.type"), (label, holder)),
            (pair(paper, "tolk.navn"), _level(paper)),
        )
        + participants(paper)
        + told(paper, "moete.formaal")
    )


def _level(paper: Paper) -> tuple[str, str]:
    return paper.say("Nivå nå", "Nivå no"), para(run("{{ sak.nivaa }}"), style="Celle")


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
    say, controls = paper.say, paper.controls
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
        pair(paper, "informeres"),
        pair(paper, "uenighet"),
        pair(paper, "nivaa.videre"),
        (say("Ny stafettholder", "Ny stafetthaldar"), taker),
        (say("Neste møte", "Neste møte"), following),
        pair(paper, "neste_moete.innkaller"),
        pair(paper, "merknad.frist"),
        pair(paper, "kopi_til"),
    )
    text = measures(paper) + told(paper, "beslutning.tekst") + onward(paper, *rows)
    return text + remarks(paper)
