"""Papers as an office makes them: the shipped templates and profile, with invented people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from bti_docs.core.context import Making, block_choices, context
from bti_docs.core.letters import APPROVER, CHILD, Letter, letters, people_of
from bti_docs.core.manifest import Manifest, ManifestField
from bti_docs.core.records import CaseRecord
from bti_docs.library import Library
from bti_docs.merge import Template
from bti_docs.messages import text

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "templates" / "docx"
TODAY = date(2026, 11, 3)
CHILD_BODY = {
    "fornavn": "Ola",
    "etternavn": "Prøvesen",
    "foedselsdato": "2015-04-09",
    "skole": "Eksempel skole",
    "adresse": "Storgata 1",
    "postnr": "0000",
    "poststed": "Eksempelby",
}
GUARDIAN = {
    "navn": "Kari Eksempel",
    "tilknytning": "mor",
    "foreldreansvar": "ja",
    "husstand": "A",
    "adresse": "Storgata 1",
    "telefon": "00 00 00 21",
}
HOLDER = {"navn": "Nils Testesen", "telefon": "00 00 00 31", "epost": "nils@kommune.example"}


@cache
def library() -> Library:
    return Library.open(FOLDER, ROOT / "templates" / "profil.toml")


def manifest(code: str) -> Manifest:
    return library().manifest(code)


def case(**parts: Any) -> CaseRecord:  # noqa: ANN401  (whatever a case may hold)
    """A case with one guardian and a relay holder; *parts* put others in their place."""
    unit = library().profile().units[0].key
    level = library().profile().levels[1].key
    body = {"barn": CHILD_BODY, "foresatte": [GUARDIAN], "stafettholder": HOLDER}
    return CaseRecord.model_validate({"enhet": unit, "nivaa": level, **body, **parts})


PREGNANT = {"barn": {**CHILD_BODY, "slag": "gravid", "foedselsdato": "1998-04-09"}, "foresatte": []}
GROWN_UP = {"barn": {**CHILD_BODY, "slag": "ungdom", "foedselsdato": "2008-04-09"}}
PROTECTED = {"foresatte": [{**GUARDIAN, "adresse": "", "adressesperre": "fortrolig"}]}


def values(code: str, *, words: str = "kort", rows: int = 4) -> dict[str, Any]:
    """Something in every field: the manifest's example, or the key and *words*."""
    return {field.key: _value(field, words, rows) for field in manifest(code).fields}


def blank(code: str) -> dict[str, Any]:
    """Something in the fields that must be there, and nothing in the others."""
    given = values(code)
    return {f.key: given[f.key] for f in manifest(code).fields if f.required != "never"}


def making(code: str, language: str, record: CaseRecord | None, **more: Any) -> Making:  # noqa: ANN401
    """What the first letter of *code* is made from; no *record* for a series."""
    known, profile = manifest(code), library().profile()
    people = None
    letter = Letter(None, ("Åse Døme",), (APPROVER,) if known.signers == "approver" else ())
    if record is not None:
        codes = {f"f{n}": g.norwegian() for n, g in enumerate(record.guardians, 1)}
        people = people_of({CHILD: record.child.norwegian(), **codes})
        assert people is not None
        everyone = (*codes,) or (CHILD,)
        wanted = None if known.recipients != "none" else everyone
        letter = letters(known, people, wanted=wanted, profile=profile, on=TODAY)[0]
    return Making(
        manifest=known,
        profile=profile,
        choices=block_choices(library().case_manifest(), profile),
        say=lambda code, /, **params: text(code, language, **params),
        language=language,
        case_id="2026-0147" if record else "KOMMUNEN-TVT-2026",
        record=record,
        people=people,
        letter=letter,
        reference="7K3M-Q2XP",
        on=TODAY,
        due=date(2026, 11, 17),
        **more,
    )


def filled(made: Making, given: Mapping[str, Any]) -> bytes:
    """The Word file that leaves the house."""
    path = FOLDER / f"{made.manifest.type}.{made.language}.docx"
    return Template.open(path).render(context(made, given), refuse_unknown=False)


def _value(field: ManifestField, words: str, rows: int) -> Any:  # noqa: ANN401  (any value there is)
    if field.is_block:
        made = [_block(field, n, words) for n in range(1, rows + 1)]
        return made if field.repeated else made[0]
    kinds: dict[str, Any] = {"dato": "2026-12-03", "tid": "09:00", "tall": 5, "ja_nei": False}
    if field.type == "valg":
        profile = library().profile()
        options = (
            profile.options(field.options) if isinstance(field.options, str) else field.options
        )
        return options[0].key
    example = field.example.nb if field.example else ""
    return kinds.get(field.type, example or f"{field.key} {words}")


def _block(field: ManifestField, number: int, words: str) -> dict[str, Any]:
    dates = {"frist", "evalueres", "start", "fra", "til"}
    profile = library().profile()
    made: dict[str, Any] = {
        sub: "2027-01-15" if sub in dates else f"{field.key} {sub} {number} {words}"
        for sub in field.columns
    }
    if field.type == "samtykke":
        made["tjenester"] = [option.key for option in profile.services]
        made["omfang"] = ["stafettlogg", "dele", "team", "moete", "overgang", "henvisning"]
        made["kilder"] = made["tjenester"][:2]
    fixed = {"nr": str(number), "minutter": 10, "tittel": "Velkommen"}
    known = {"arena": "barnehage", "status": "videre" if field.type == "tiltak" else "til_stede"}
    return {**made, **{k: v for k, v in (fixed | known).items() if k in field.columns}}
