"""INV, the invitation: one page, one letter for each recipient."""

from __future__ import annotations

from letterhead import Paper, address, facts, heading, rows_if, urgent
from wml import Row, bold, either, inline_if, line, para, run, tab, tag, when


def body(paper: Paper) -> str:
    """The whole document."""
    return address(paper) + _opening(paper) + _meeting(paper) + _closing(paper)


def _opening(paper: Paper) -> str:
    whom = either("barn.alene", "deg", "{{ barn.navn }}")
    about = paper.say(
        f"Vi inviterer deg til et møte der vi sammen finner ut hva som kan hjelpe {whom}.",
        f"Vi inviterer deg til eit møte der vi saman finn ut kva som kan hjelpe {whom}.",
    )
    replaces = when("dok.erstatter", para(bold("{{ dok.erstatter }}")))
    return line(paper.title, style="Heading1") + replaces + line(about)


def _if(paper: Paper, key: str) -> tuple[tuple[str, str] | Row, ...]:
    return rows_if(key, _fact(paper, key))


def _fact(paper: Paper, key: str) -> tuple[str, str]:
    return heading(paper, key), para(paper.controls.value(key), style="Celle")


def _place(paper: Paper) -> tuple[tuple[str, str] | Row, ...]:
    """Where the meeting is; by telephone when the place could give an address away."""
    call = paper.say("Vi ringer deg om hvor møtet er.", "Vi ringjer deg om kvar møtet er.")
    told = paper.controls.label("moete.sted"), line(call, style="Celle")
    return (*_if(paper, "moete.sted"), *rows_if("not moete.sted", told))


def _meeting(paper: Paper) -> str:
    say, value = paper.say, paper.controls.value
    hours = (run(say(" fra ", " frå ")), value("moete.start"), run(" til "), value("moete.slutt"))
    rows: list[tuple[str, str] | Row] = [
        ("Når", para(paper.controls.day("moete.dato"), *hours, style="Celle")),
        *_place(paper),
        *_if(paper, "moete.lenke"),
        _fact(paper, "moete.type"),
        _fact(paper, "moete.formaal"),
        (paper.controls.label("moete.leder"), para(*_leaders(paper), style="Celle")),
        (paper.controls.label("sakliste"), _agenda(paper)),
        *rows_if("deltakere", (paper.controls.label("deltakere"), _people(paper))),
        *_if(paper, "deltakelse.barn"),
        *_if(paper, "tolk.spraak"),
        *_if(paper, "moete.praktisk"),
        *_if(paper, "vedlegg"),
    ]
    return facts(*rows, widths=(42, 132))


def _leaders(paper: Paper) -> tuple[str, ...]:
    value = paper.controls.value
    return value("moete.leder"), inline_if(
        "moete.referent", run(" · Referent: "), value("moete.referent")
    )


def _people(paper: Paper) -> str:
    """Everybody invited, a line each: shorter than a table, so the letter stays on one page."""
    return _lines(
        "deltakere",
        paper.controls.part("deltakere", "navn", "rad"),
        *(
            inline_if(f"rad.{sub}", run(", "), paper.controls.part("deltakere", sub, "rad"))
            for sub in ("rolle", "tjeneste")
        ),
    )


def _agenda(paper: Paper) -> str:
    """The agenda, a line each."""
    part = paper.controls.part
    return _lines(
        "sakliste",
        part("sakliste", "nr", "rad"),
        tab(),
        part("sakliste", "tittel", "rad"),
        inline_if("rad.ansvarlig", run(" – "), part("sakliste", "ansvarlig", "rad")),
        inline_if("rad.minutter", run(", "), part("sakliste", "minutter", "rad"), run(" min")),
    )


def _lines(key: str, *content: str) -> str:
    loop = tag(f"{{%p for rad in {key} %}}") + para(*content, style="Avkryss")
    return loop + tag("{%p endfor %}") + para(style="Slutt")


def _closing(paper: Paper) -> str:
    say = paper.say
    call = either(
        "kontakt.telefon",
        "ring {{ kontakt.navn }} på {{ kontakt.telefon }}",
        say("si fra til", "sei frå til") + " {{ kontakt.navn }}",
    )
    how = say(
        f". Bruk svarslippen hvis den ligger ved, eller {call}. Si gjerne fra "
        "hvis du vil ta opp noe, ha med noen du er trygg på, eller trenger tolk.",
        f". Bruk svarslippen om han ligg ved, eller {call}. Sei gjerne frå "
        "om du vil ta opp noko, ha med nokon du er trygg på, eller treng tolk.",
    )
    by = bold(say("Svar innen ", "Svar innan "))
    text = para(by, paper.controls.value("svar.frist", style="Strong"), run(how))
    hello = say("Vennlig hilsen", "Venleg helsing")
    role = say(", stafettholder", ", stafetthaldar")
    text += line(f"{hello} {{{{ kontakt.navn }}}}{{% if stafettholder.navn %}}{role}{{% endif %}}")
    return text + urgent(paper)
