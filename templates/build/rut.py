"""RUT, the team's routine: one for each unit and school year, approved by a leader."""

from __future__ import annotations

from typing import Final

from letterhead import Paper, facts, listed, rows_if, signatures
from minutes import pair
from wml import Cell, Row, either, line, para, run, table

_ANONYMOUS: Final = "droefting.form_valg == 'anonym'"


def body(paper: Paper) -> str:
    """The whole document."""
    return _opening(paper) + _people(paper) + _steps(paper) + _approval(paper)


def _opening(paper: Paper) -> str:
    say, value = paper.say, paper.controls.value
    team = (value("team.navn"), run(say(", skoleåret ", ", skuleåret ")), value("team.skoleaar"))
    keys = ("team.mandat", "team.maalgruppe", "team.leder", "team.hyppighet", "team.moeteplan",
            "droefting.form")  # fmt: skip
    return (
        line(paper.title, style="Heading1")
        + para(*team, style="Subtitle")
        + facts(*(pair(paper, key) for key in keys), widths=(44, 130))
    )


def _people(paper: Paper) -> str:
    columns = (("navn", 64.0), ("rolle", 50.0), ("tjeneste", 60.0))
    heads = (paper.say("Navn", "Namn"), "Rolle", paper.say("Tjeneste", "Teneste"))
    head = line(paper.controls.label("medlemmer"), style="Heading2")
    return head + listed(paper, "medlemmer", columns, heads)


def _list(paper: Paper, title: str, *steps: tuple[str, str]) -> str:
    heads = (paper.say("Hva", "Kva"), paper.say("Hvem", "Kven"))
    head = Row(
        tuple(Cell(line(text, style="Tabellhode", keep=True)) for text in heads), header=True
    )
    rows = []
    for number, (what, who) in enumerate(steps, 1):
        keep = number < len(steps)
        left, right = para(what, style="Celle", keep=keep), line(who, style="Celle", keep=keep)
        rows.append(Row((Cell(left), Cell(right))))
    made = table((128, 46), head, *rows, about=title)
    return line(title, style="Heading2") + made + para(style="Luft")


def _by_form(consent: str, anonymous: str, both: str) -> str:
    """The text for how this team discusses cases: with consent, anonymously, or either."""
    return either(_ANONYMOUS, anonymous, either("droefting.form_valg == 'samtykke'", consent, both))


def _steps(paper: Paper) -> str:
    return _before(paper) + _during(paper) + _after(paper)


def _before(paper: Paper) -> str:
    say, value = paper.say, paper.controls.value
    raiser = say("Den som melder saken", "Den som melder saka")
    leader = say("Leder for teamet", "Leiar for teamet")
    ask = _by_form(
        say(
            "Snakk med foresatte og barnet, og be om samtykke.",
            "Snakk med dei føresette og barnet, og be om samtykke.",
        ),
        say(
            "Gjør saken helt anonym: ikke navn, og ikke noe som kan kjennes igjen.",
            "Gjer saka heilt anonym: ikkje namn, og ikkje noko som kan kjennast att.",
        ),
        say(
            "Snakk med foresatte og barnet. Be om samtykke, eller gjør saken helt anonym.",
            "Snakk med dei føresette og barnet. Be om samtykke, eller gjer saka heilt anonym.",
        ),
    )
    voice = either(
        _ANONYMOUS,
        say(
            "Tenk gjennom hva barnet selv har sagt, og hva som har hjulpet før.",
            "Tenk gjennom kva barnet sjølv har sagt, og kva som har hjelpt før.",
        ),
        say(
            "Spør barnet hva det selv mener, og hva som har hjulpet før.",
            "Spør barnet kva det sjølv meiner, og kva som har hjelpt før.",
        ),
    )
    raise_it = say("Meld saken skriftlig senest ", "Meld saka skriftleg seinast ")
    send = say("Send sakliste og invitasjon senest ", "Send sakliste og invitasjon seinast ")
    days = say(" dager før møtet.", " dagar før møtet.")
    return _list(
        paper,
        say("Før møtet", "Før møtet"),
        (run(ask), raiser),
        (run(voice), raiser),
        (run(raise_it) + value("frist.sak") + run(days), raiser),
        (run(send) + value("frist.sakliste") + run(days), leader),
    )


def _during(paper: Paper) -> str:
    say = paper.say
    leader, everyone = say("Leder for teamet", "Leiar for teamet"), say("Alle", "Alle")
    raiser = say("Den som melder saken", "Den som melder saka")
    who = (leader, raiser, everyone, everyone, "Referent", leader)
    steps = zip((run(what) for what in _in_the_meeting(paper)), who, strict=True)
    return _list(paper, say("I møtet", "I møtet"), *steps)


def _in_the_meeting(paper: Paper) -> tuple[str, ...]:
    nb = (
        _by_form(
            "Avklar samtykket før saken legges fram.",
            "Sjekk at saken er anonym, før den legges fram.",
            "Avklar samtykket, eller sjekk at saken er anonym, før den legges fram.",
        ),
        "Legg fram hva du lurer på, hva som er prøvd, og hva som hjalp.",
        "Hør først det barnet og foresatte har sagt. Se etter styrker.",
        "Bli enige om råd og tiltak med ansvarlig, frist og dato for evaluering.",
        "Skriv ett referat for hver sak, i malen. Aldri flere barn i samme referat.",
        "Ved mistanke om vold eller overgrep: stans drøftingen, og følg rutinen for det.",
    )
    nn = (
        _by_form(
            "Avklar samtykket før saka blir lagd fram.",
            "Sjekk at saka er anonym, før ho blir lagd fram.",
            "Avklar samtykket, eller sjekk at saka er anonym, før ho blir lagd fram.",
        ),
        "Legg fram kva du lurer på, kva som er prøvd, og kva som hjelpte.",
        "Høyr først det barnet og dei føresette har sagt. Sjå etter styrkar.",
        "Bli samde om råd og tiltak med ansvarleg, frist og dato for evaluering.",
        "Skriv eitt referat for kvar sak, i malen. Aldri fleire barn i same referat.",
        "Ved mistanke om vald eller overgrep: stans drøftinga, og følg rutinen for det.",
    )
    return nb if paper.language == "nb" else nn


def _after(paper: Paper) -> str:
    say, value = paper.say, paper.controls.value
    raiser = say("Den som meldte saken", "Den som melde saka")
    leader = say("Leder for teamet", "Leiar for teamet")
    finish = say("Gjør referatet ferdig innen ", "Gjer referatet ferdig innan ")
    tell = either(
        _ANONYMOUS,
        say(
            "Fortell familien om rådene når de vet om drøftingen, innen ",
            "Fortel familien om råda når dei veit om drøftinga, innan ",
        ),
        say("Fortell familien om rådene innen ", "Fortel familien om råda innan "),
    )
    days = say(" virkedager.", " virkedagar.")
    file = _by_form(
        say("Legg referatet i barnets sak.", "Legg referatet i saka til barnet."),
        say("Legg referatet i teamets serie.", "Legg referatet i serien til teamet."),
        say(
            "Legg referatet i barnets sak når det er samtykke, ellers i teamets serie.",
            "Legg referatet i saka til barnet når det er samtykke, elles i serien til teamet.",
        ),
    )
    follow = say(
        "Følg opp på den avtalte datoen: Hjalp tiltakene?",
        "Følg opp på den avtalte datoen: Hjelpte tiltaka?",
    )
    return _list(
        paper,
        say("Etter møtet", "Etter møtet"),
        (run(finish) + value("frist.referat") + run(days), "Referent"),
        (run(tell) + value("frist.familie") + run(days), raiser),
        (run(file), leader),
        (run(follow), leader),
    )


def _approval(paper: Paper) -> str:
    say = paper.say
    keys = ("rutine.tillegg", "rutine.gjelder_fra", "rutine.revideres", "rutine.ansvarlig")
    text = line(
        say("Lokale tillegg og gyldighet", "Lokale tillegg og gyldigheit"), style="Heading2"
    )
    asked = (rows_if(paper.controls.asked(key), pair(paper, key)) for key in keys)
    text += facts(*(row for some in asked for row in some), widths=(56, 118))
    text += line(say("Godkjenning", "Godkjenning"), style="Heading2")
    return text + signatures(paper)
