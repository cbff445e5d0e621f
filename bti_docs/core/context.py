"""What a template is given: plain texts, dates, lists and dicts by Norwegian keys. Pure.

Every key a manifest names is there, empty when nothing was said, so a strict template never meets
a hole; codes are shown as labels in the document's language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bti_docs.core.addressees import contact, recipient
from bti_docs.core.events import Json
from bti_docs.core.letters import APPROVER, CHILD, Letter, People, decides_alone
from bti_docs.core.manifest import Manifest, ManifestField, Option, same_text
from bti_docs.core.profile import Profile, Unit
from bti_docs.core.records import CaseRecord, sub_fields

Say = Callable[..., str]
"""A sentence by its code, in the document's language."""

Choices = Mapping[str, Sequence[Option]]
"""The options of a block's parts, by `block.sub_field` (`deltaker.status`)."""


@dataclass(frozen=True, slots=True)
class Making:
    """What one document is made from, apart from its manifest's values."""

    manifest: Manifest
    profile: Profile
    choices: Choices
    say: Say
    language: str
    case_id: str
    record: CaseRecord | None
    people: People | None
    letter: Letter
    reference: str
    """As people read it, `7K3M-Q2XP`."""
    on: date
    due: date | None = None
    replaces_made_on: date | None = None
    allowed: frozenset[str] = frozenset()
    """What may be printed although an address in the case is protected."""
    complete: bool = False
    """Whether nothing is left to fill in, so that blanks need no room for a pen."""

    @property
    def alone(self) -> bool:
        """Whether the person of the case is grown up or pregnant, and decides alone."""
        return self.people is not None and decides_alone(self.people.child, self.profile, self.on)

    def hides(self, part: str) -> bool:
        """Whether *part* could give a protected address away, and nobody has said yes to it."""
        return self.record is not None and self.record.protected and part not in self.allowed


def context(making: Making, values: Mapping[str, Any]) -> Json:
    """The whole of what the template may name."""
    municipality, unit = _municipality(making.profile), _unit(making, values)
    holder, series = _relay_holder(making), making.record is None
    body: Json = {
        "kommune": municipality,
        "enhet": unit,
        "dok": _document(making),
        "sak": {"nummer": making.case_id, "nivaa": _level(making), "serie": series},
        "barn": _child(making),
        "foresatte": _guardians(making),
        "mottaker": recipient(making.letter, making.people, making.say),
        "stafettholder": holder,
        "kontakt": contact(holder, unit, municipality),
        "underskrifter": signature_lines(making),
        "lover": _laws(making),
        "haster": [
            {"tekst": u.text(making.language), "telefon": u.phone} for u in making.profile.urgent
        ],
    }
    _put_choices(body, making, values)
    for field in making.manifest.fields:
        value = None if _gives_away(field, making) else values.get(field.key)
        _put(body, field.key, _value(field, value, making))
    return body


def _put_choices(body: Json, making: Making, values: Mapping[str, Any]) -> None:
    """The key of each choice beside its label, `droefting.form_valg`, for templates to ask for."""
    for field in making.manifest.fields:
        if field.type == "valg":
            value = values.get(field.key)
            known = field_options(field, making.profile)
            keys = (option.key for option in known if same_text(option.key, str(value)))
            _put(body, f"{field.key}_valg", next(keys, "" if value is None else value))


def signature_lines(making: Making) -> list[Json]:
    """A line for each who signs: name, role, and the label under the line, unique in the paper."""
    lines = []
    for code in making.letter.signers:
        name, label = _signature(code, making)
        lines.append(
            {"kode": code, "navn": name, "rolle": label.partition(":")[0], "etikett": label}
        )
    return lines


def _signature(code: str, making: Making) -> tuple[str, str]:
    """A signer's name, and the label under the line."""
    if code == APPROVER or making.people is None:
        name = " ".join(making.letter.names)
        return name, making.say("signature_approver", name=name)
    name = making.people.names.get(code, "")
    if code == CHILD:
        # a grown-up who signs alone is no «youth» either: the plain label is the pregnant woman's
        kind = "gravid" if making.alone else making.people.child.kind
        return name, making.say(f"signature_{kind}", name=name)
    number = list(making.people.guardians).index(code) + 1
    return name, making.say("signature_guardian", number=number, name=name)


def _put(body: Json, key: str, value: object) -> None:
    head, _, tail = key.partition(".")
    if not tail:
        body[head] = value
        return
    group = body.setdefault(head, {})
    if isinstance(group, dict):
        body[head] = {**group, tail: value}


def _gives_away(field: ManifestField, making: Making) -> bool:
    """Whether a field could tell where somebody with a protected address is (users.md rule 4)."""
    if field.type == "deltaker":
        return making.hides("recipients")
    return field.fact == "meeting.place" and making.hides("place")


def _value(field: ManifestField, value: Any, making: Making) -> Any:  # noqa: ANN401  (as in JSON)
    if field.is_block and field.repeated:
        rows = [_block(field.type, row, making) for row in value or ()]
        blank = dict.fromkeys(sub_fields(field.type), "")
        wanted = 0 if making.complete else field.min_rows
        return rows + [dict(blank) for _ in range(wanted - len(rows))]
    if field.is_block:
        return _block(field.type, value or {}, making)
    if field.type == "flervalg":
        return [_label(field_options(field, making.profile), v, making) for v in value or ()]
    if field.type == "valg":
        return _label(field_options(field, making.profile), value, making)
    return "" if value is None else value


def field_options(field: ManifestField, profile: Profile) -> Sequence[Option]:
    """The choices of a `valg` or `flervalg` field."""
    return profile.options(field.options) if isinstance(field.options, str) else field.options


def block_choices(case_manifest: Manifest, profile: Profile) -> Choices:
    """The options of every block's parts, from the case manifest and the profile's lists."""
    return {
        f"{block.name}.{part.key}": field_options(part, profile)
        for block in case_manifest.blocks
        for part in block.fields
        if part.options
    }


def _block(kind: str, row: Mapping[str, Any], making: Making) -> Json:
    shown: Json = {}
    for key in sub_fields(kind):
        value = row.get(key)
        options = making.choices.get(f"{kind}.{key}", ())
        if isinstance(value, list | tuple):
            shown[key] = [_label(options, v, making) for v in value]
        else:
            shown[key] = _label(options, value, making)
    return shown


def _label(options: Sequence[Option], value: object, making: Making) -> object:
    if value is None:
        return ""
    for option in options:
        if same_text(option.key, str(value)):
            return option.label(making.language)
    return value


# --- the office's and the case's own parts --------------------------------------------------


def _municipality(profile: Profile) -> Json:
    return profile.municipality.model_dump(by_alias=True)


def _unit(making: Making, values: Mapping[str, Any]) -> Json:
    """The unit in the letterhead; with a protected address it would give the place away."""
    key = making.record.unit if making.record else str(values.get(making.manifest.unit or "", ""))
    unit = None if making.hides("unit") else making.profile.unit(key)
    found = unit or Unit(key="", navn="")
    return {"navn": found.name, "adresse": found.address, "telefon": found.phone}


def _document(making: Making) -> Json:
    manifest, language = making.manifest, making.language
    ground = [making.profile.law_on(key, making.on) for key in manifest.law]
    short = [law.short for law in ground if law]
    replaces = making.replaces_made_on
    return {
        "type": manifest.type,
        "tittel": manifest.title.of(language),
        "ref": making.reference,
        "dato": making.on,
        "versjon": f"{manifest.type} {manifest.version}",
        "tilgang": making.say("exempt_from_access") if short else "",
        "hjemmel": making.say("legal_ground", first=short[0], rest=", ".join(short[1:]))
        if len(short) > 1
        else "".join(short),
        "erstatter": making.say("replaces_letter", day=long_date(replaces, making.say))
        if replaces
        else "",
        "frist": making.due or "",
        "maalform": language,
        "ferdig": making.complete,
    }


def long_date(day: date, say: Say) -> str:
    """«3. november 2026»."""
    return f"{day.day}. {say(f'month_{day.month}')} {day.year}"


def _level(making: Making) -> str:
    level = making.profile.level(making.record.level) if making.record else None
    return level.label(making.language) if level else ""


def _child(making: Making) -> Json:
    if making.people is None:
        keys = ("navn", "fornavn", "etternavn", "foedselsdato", "skole", "klasse", "spraak", "slag")
        return {**dict.fromkeys(keys, ""), "alene": False}
    child = making.people.child
    hidden = making.hides("school")
    return {
        "navn": child.name,
        "fornavn": child.given_name,
        "etternavn": child.family_name,
        "foedselsdato": child.birth_date or "",
        "skole": "" if hidden else child.school,
        "klasse": "" if hidden else child.class_group,
        "spraak": child.home_language,
        "slag": child.kind,
        "alene": making.alone,
    }


def _guardians(making: Making) -> list[Json]:
    people = making.people.guardians.values() if making.people else ()
    if making.hides("recipients"):
        people = ()
    return [
        {"navn": g.name, "tilknytning": making.say(f"relation_{g.relation}"), "telefon": g.phone}
        for g in people
    ]


def _relay_holder(making: Making) -> Json:
    keys = ("navn", "stilling", "tjeneste", "telefon", "epost")
    if making.record is None:
        return dict.fromkeys(keys, "")
    return making.record.relay_holder.norwegian()


def _laws(making: Making) -> list[str]:
    found = (making.profile.law_on(key, making.on) for key in making.manifest.law)
    return [law.text(making.language) for law in found if law]
