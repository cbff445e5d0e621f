"""SAM, the consent form: one sheet, two pages."""

from __future__ import annotations

from letterhead import Paper, address, facts, rows_if, signatures, ticked, urgent
from wml import Cell, Row, bold, either, line, para, run, table, when


def body(paper: Paper) -> str:
    """The whole document."""
    return address(paper) + _front(paper) + _details(paper) + _meaning(paper) + _back(paper)


def _front(paper: Paper) -> str:
    say = paper.say
    title = line(paper.title, style="Heading1")
    title += line(
        say(
            "Ja til at tjenestene kan snakke sammen",
            "Ja til at tenestene kan snakke saman",
        ),
        style="Subtitle",
    )
    title += when("dok.erstatter", para(bold("{{ dok.erstatter }}")))
    born = say(", født ", ", fødd ") + "{{ barn.foedselsdato|dato }}"
    title += _whose(paper, run(f"{{% if barn.foedselsdato %}}{born}{{% endif %}}"))
    title += para(run(_why(paper)))
    title += line(say("Hvorfor vi spør", "Kvifor vi spør"), style="Heading2")
    return title + para(paper.controls.part("samtykke", "formaal"))


def _whose(paper: Paper, more: str) -> str:
    label = bold(paper.say("Samtykket gjelder: ", "Samtykket gjeld: "))
    return para(label, run("{{ barn.navn }}"), more, keep=True)


def _why(paper: Paper) -> str:
    return paper.say(
        "De som jobber i kommunen, har taushetsplikt. Derfor spør vi før tjenestene snakker "
        "sammen. Les skjemaet og spør oss om det du lurer på. Skriv under til slutt hvis du "
        "sier ja, og gi skjemaet tilbake til oss{% if dok.frist %} innen {{ dok.frist|dato_lang }}"
        "{% endif %}. Du bestemmer selv. Sier du nei, lar du være å skrive under og sier fra til "
        "{{ kontakt.navn }}. Hver tjeneste fortsetter å hjelpe.",
        "Dei som arbeider i kommunen, har teieplikt. Difor spør vi før tenestene snakkar saman. "
        "Les skjemaet og spør oss om det du lurer på. Skriv under til slutt dersom du seier ja, "
        "og gi skjemaet tilbake til oss{% if dok.frist %} innan {{ dok.frist|dato_lang }}"
        "{% endif %}. Du bestemmer sjølv. Seier du nei, let du vere å skrive under og seier frå "
        "til {{ kontakt.navn }}. Kvar teneste held fram med å hjelpe.",
    )


def _details(paper: Paper) -> str:
    say = paper.say
    heads = (
        say("Tjenester som kan samarbeide", "Tenester som kan samarbeide"),
        say("Hva samtykket gjelder", "Kva samtykket gjeld"),
    )
    head = Row(tuple(Cell(line(text, style="Tabellhode")) for text in heads), header=True)
    lists = Row(
        (
            Cell(ticked("tjeneste", "samtykke.tjenester") + para(style="Slutt")),
            Cell(ticked("omfang", "samtykke.omfang") + para(style="Slutt")),
        )
    )
    both = table((87, 87), head, lists, about=" / ".join(heads))
    return both + para(style="Luft") + _limits(paper)


def _limits(paper: Paper) -> str:
    say, part = paper.say, paper.controls.part
    asked = say("Vi henter også opplysninger fra", "Vi hentar òg opplysningar frå")
    sources = asked, para(run("{{ samtykke.kilder|liste }}"), style="Celle")
    rows = [*rows_if("samtykke.kilder", sources)]
    for name, sub in (
        (say("Opplysninger som kan deles", "Opplysningar som kan delast"), "opplysninger"),
        (say("Opplysninger som ikke skal deles", "Opplysningar som ikkje skal delast"), "unntak"),
        (say("Grenser for enkelte tjenester", "Grenser for einskilde tenester"), "begrensninger"),
    ):
        told = name, para(part("samtykke", sub), style="Celle")
        rows += rows_if(f"samtykke.{sub}", told)
    period = (run(say("Fra ", "Frå ")), part("samtykke", "fra"), run(" til "))
    lasts = para(*period, part("samtykke", "til"), style="Celle")
    return facts(*rows, (say("Gjelder fra–til", "Gjeld frå–til"), lasts), widths=(56, 118))


def _points(paper: Paper) -> tuple[str, ...]:
    nb = (
        "Det er frivillig. Du kan si ja til noe og nei til noe annet.",
        "Stryk det du ikke sier ja til, så ringer vi deg.",
        "Tjenestene deler bare det som trengs for å hjelpe, og bare med dem som står her.",
        "Du kan be om at enkelte opplysninger eller tjenester holdes utenfor.",
        "Du får kopi av skjemaet og kan når som helst få se det vi har skrevet.",
        either(
            "barn.alene",
            "Du har rett til å si din mening, og vi legger vekt på den.",
            "Barnet har rett til å si sin mening, og vi legger vekt på den.",
        ),
    )
    nn = (
        "Det er frivillig. Du kan seie ja til noko og nei til noko anna.",
        "Stryk det du ikkje seier ja til, så ringjer vi deg.",
        "Tenestene deler berre det som trengst for å hjelpe, og berre med dei som står her.",
        "Du kan be om at einskilde opplysningar eller tenester blir haldne utanfor.",
        "Du får kopi av skjemaet og kan når som helst få sjå det vi har skrive.",
        either(
            "barn.alene",
            "Du har rett til å seie di meining, og vi legg vekt på henne.",
            "Barnet har rett til å seie si meining, og vi legg vekt på henne.",
        ),
    )
    return nb if paper.language == "nb" else nn


def _meaning(paper: Paper) -> str:
    say, points = paper.say, _points(paper)
    withdraw = say(
        "Hva skjer hvis du trekker samtykket?", "Kva skjer dersom du trekkjer samtykket?"
    )
    return (
        line(say("Dette sier du ja til", "Dette seier du ja til"), style="Heading2")
        + "".join(line(point, style="ListBullet", keep=point != points[-1]) for point in points)
        + line(withdraw, style="Heading2")
        + para(run(_withdrawal(paper)))
    )


def _withdrawal(paper: Paper) -> str:
    return paper.say(
        "Du kan trekke hele eller deler av samtykket når som helst. Si fra til "
        "{{ kontakt.navn }}{% if stafettholder.navn %} eller en annen i kommunen{% endif %}. "
        "Du trenger ikke å skrive noe eller "
        "forklare hvorfor. Da slutter tjenestene å dele opplysninger. Det vi alt har skrevet, blir "
        "liggende i arkivet, for det krever loven. Du får fortsatt hjelp fra hver tjeneste.",
        "Du kan trekkje heile eller delar av samtykket når som helst. Sei frå til "
        "{{ kontakt.navn }}{% if stafettholder.navn %} eller ein annan i kommunen{% endif %}. "
        "Du treng ikkje skrive noko eller "
        "forklare kvifor. Då sluttar tenestene å dele opplysningar. Det vi alt har skrive, blir "
        "liggjande i arkivet, for det krev lova. Du får framleis hjelp frå kvar teneste.",
    )


def _voice(paper: Paper) -> str:
    say, value = paper.say, paper.controls.value
    title = either(
        "barn.alene",
        say("Det du selv sier", "Det du sjølv seier"),
        say("Det barnet eller ungdommen selv sier", "Det barnet eller ungdomen sjølv seier"),
    )
    not_yet = say(
        "Vi har ikke snakket med barnet om dette ennå. Vi avtaler sammen hvem som gjør det.",
        "Vi har ikkje snakka med barnet om dette enno. Vi avtaler saman kven som gjer det.",
    )
    talked = either(
        "barn.alene",
        say("Hvem snakket med deg, og når: ", "Kven snakka med deg, og når: "),
        say("Hvem snakket med barnet, og når: ", "Kven snakka med barnet, og når: "),
    )
    how = when("stemme.hvordan", para(bold(talked), value("stemme.hvordan")))
    said = when("stemme.tekst", line(title, style="Heading2"), para(value("stemme.tekst")), how)
    asked = line(title, style="Heading2") + line(not_yet)
    return said + when("not stemme.tekst and not barn.alene", asked)


def _back(paper: Paper) -> str:
    say, value = paper.say, paper.controls.value
    spoken = say("Informasjonen er gitt på: ", "Informasjonen er gitt på: ")
    copy = say("Kopi til: ", "Kopi til: ")
    text = _voice(paper)
    text += when("informasjon.spraak", para(bold(spoken), value("informasjon.spraak")))
    text += when("kopi_til", para(bold(copy), value("kopi_til")))
    text += line(say("Underskrift", "Underskrift"), style="Heading2")
    services = say(". Tjenester: ", ". Tenester: ") + "{{ samtykke.tjenester|liste }}"
    text += _whose(paper, run(services))
    text += para(
        run(
            say(
                "Jeg har fått forklart skjemaet på et språk jeg forstår, og jeg sier ja til det "
                "som står her.",
                "Eg har fått forklart skjemaet på eit språk eg forstår, og eg seier ja til det "
                "som står her.",
            )
        ),
        keep=True,
    )
    text += signatures(paper)
    laws = say("Regler: ", "Reglar: ") + "{{ lover|liste }}"
    text += when("lover", line(laws, style="Liten"))
    return text + urgent(paper)
