"""What the two kinds of minutes share: who it is about, the meeting, people, measures."""

from __future__ import annotations

from letterhead import Paper, facts, grid, listed
from wml import Row, bold, line, para, run, tag_row, when


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


def meeting(paper: Paper, *more: tuple[tuple[str, str], ...]) -> str:
    """When, where and who led it."""
    say, value = paper.say, paper.controls.value
    hours = para(value("moete.start"), run(" til "), value("moete.slutt"), style="Celle")
    return grid(
        (pair(paper, "moete.dato"), (say("Tid", "Tid"), hours)),
        (pair(paper, "moete.sted"), pair(paper, "moete.nummer")),
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
        ("nr", 11.0), ("maal", 31.0), ("tiltak", 46.5), ("arena", 18.5),
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


def onward(paper: Paper, *rows: tuple[str, str] | Row) -> str:
    """«Veien videre»: what happens after the meeting."""
    head = line(paper.say("Veien videre", "Vegen vidare"), style="Heading2")
    return head + facts(*rows, widths=(56, 118))


def remarks(paper: Paper) -> str:
    """How to say that the minutes are wrong."""
    by = paper.say(" innen ", " innan ")
    until = f"{{% if merknad.frist %}}{by}{{{{ merknad.frist|dato_lang }}}}{{% endif %}}"
    tell = "{{ stafettholder.navn }}{% if stafettholder.telefon %}, {{ stafettholder.telefon }}"
    tell += "{% endif %}"
    return line(
        paper.say(
            f"Er noe feil eller glemt? Meld fra om feil til {tell}{until}. "
            "Merknaden din blir lagt i saken sammen med referatet.",
            f"Er noko feil eller gløymt? Meld frå om feil til {tell}{until}. "
            "Merknaden din blir lagd i saka saman med referatet.",
        )
    )


def only_if(condition: str, *rows: tuple[str, str]) -> tuple[tuple[str, str] | Row, ...]:
    """Rows that are there only when *condition* holds."""
    return (tag_row(f"{{%tr if {condition} %}}", 2), *rows, tag_row("{%tr endif %}", 2))
