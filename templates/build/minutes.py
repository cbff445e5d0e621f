"""What the two kinds of minutes share: who it is about, the meeting, people, measures."""

from __future__ import annotations

from letterhead import Paper, facts, grid, listed, rows_if
from wml import Row, bold, inline_if, line, para, run, when


def about(paper: Paper) -> str:
    """The child's name, birth date and school; left out when the discussion is anonymous."""
    say = paper.say
    born = say(", født ", ", fødd ")
    text = "{{ barn.navn }}{% if barn.foedselsdato %}" + born
    text += "{{ barn.foedselsdato|dato }}{% endif %}{% if barn.skole %}, {{ barn.skole }}"
    text += "{% if barn.klasse %} {{ barn.klasse }}{% endif %}{% endif %}"
    gist = para(bold(say("Gjelder: ", "Gjeld: ")), run(text))
    return when("barn.navn", gist)


def pair(paper: Paper, key: str) -> tuple[str, str]:
    """A label and its control, for a grid or a list of facts."""
    return paper.controls.label(key), para(paper.controls.value(key), style="Celle")


def optional(paper: Paper, key: str) -> tuple[str, str]:
    """As `pair`, for half a row: label and control go when the field is blank and none is asked."""
    asked = paper.controls.asked(key)
    label = f"{{% if {asked} %}}{paper.controls.label(key)}{{% endif %}}"
    return label, para(inline_if(asked, paper.controls.value(key)), style="Celle")


def level(paper: Paper) -> tuple[str, str]:
    """The level of the case as it stands; a series has none."""
    label = f"{{% if sak.nivaa %}}{paper.say('Nivå nå', 'Nivå no')}{{% endif %}}"
    return label, para(run("{{ sak.nivaa }}"), style="Celle")


def meeting(paper: Paper, *more: tuple[tuple[str, str], ...] | Row) -> str:
    """When, where and who led it."""
    say, value = paper.say, paper.controls.value
    hours = para(value("moete.start"), run(" til "), value("moete.slutt"), style="Celle")
    return grid(
        (pair(paper, "moete.dato"), (say("Tid", "Tid"), hours)),
        (pair(paper, "moete.sted"), level(paper)),
        (pair(paper, "moete.leder"), pair(paper, "moete.referent")),
        *more,
    )


def participants(paper: Paper) -> str:
    """Everybody called, and whether they came."""
    say = paper.say
    heads = (
        say("Navn", "Namn"),
        "Rolle",
        say("Tjeneste", "Teneste"),
        say("Til stede", "Til stades"),
    )
    columns = (("navn", 58.0), ("rolle", 40.0), ("tjeneste", 50.0), ("status", 26.0))
    head = line(paper.controls.label("deltakere"), style="Heading2")
    return head + listed(paper, "deltakere", columns, heads)


def measures(paper: Paper) -> str:
    """The heart of the minutes: goal, measure, owner, deadline, evaluation."""
    say = paper.say
    heads = (
        "Nr.",
        "Mål",
        "Tiltak",
        say("Hvor", "Kvar"),
        say("Ansvarlig", "Ansvarleg"),
        "Frist",
        say("Skal evalueres", "Skal evaluerast"),
    )
    columns = (
        ("nr", 11.0), ("maal", 31.0), ("tiltak", 42.5), ("arena", 22.5),
        ("ansvarlig", 25.0), ("frist", 21.0), ("evalueres", 21.0),
    )  # fmt: skip
    head = line(paper.controls.label("tiltak"), style="Heading2")
    return head + listed(paper, "tiltak", columns, heads)


def tried(paper: Paper, *columns: tuple[str, float]) -> str:
    """«Hva er prøvd, og hva hjalp?»: earlier measures and their results."""
    say = paper.say
    names = {
        "nr": "Nr.",
        "tiltak": "Tiltak",
        "ansvarlig": say("Ansvarlig", "Ansvarleg"),
        "resultat": "Resultat",
        "status": "Status",
    }
    heads = tuple(names[sub] for sub, _ in columns)
    head = line(paper.controls.label("forrige_tiltak"), style="Heading2")
    return head + listed(paper, "forrige_tiltak", columns, heads)


def onward(paper: Paper, *rows: tuple[str, tuple[str, str]]) -> str:
    """«Veien videre»: what happens after the meeting; each row with the key it is there for."""
    head = line(paper.say("Veien videre", "Vegen vidare"), style="Heading2")
    asked = (rows_if(paper.controls.asked(key), row) for key, row in rows)
    return head + facts(*(row for some in asked for row in some), widths=(56, 118))


def remarks(paper: Paper) -> str:
    """How to say that the minutes are wrong."""
    by = paper.say(" innen ", " innan ")
    until = f"{{% if merknad.frist %}}{by}{{{{ merknad.frist|dato_lang }}}}{{% endif %}}"
    tell = "{{ kontakt.navn }}{% if kontakt.telefon %}, {{ kontakt.telefon }}{% endif %}"
    return line(
        paper.say(
            f"Er noe feil eller glemt? Meld fra om feil til {tell}{until}. "
            "Merknaden din blir lagt i saken sammen med referatet.",
            f"Er noko feil eller gløymt? Meld frå om feil til {tell}{until}. "
            "Merknaden din blir lagd i saka saman med referatet.",
        )
    )
