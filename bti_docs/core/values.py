"""One value as it was typed against what its field may hold: the value, or what is wrong with it.

Shared by all readers, so a workbook, a JSON file and a CSV file are judged alike.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final

from bti_docs.core.manifest import ManifestField, Option, same_text
from bti_docs.core.moments import Fault, parse_date, parse_time
from bti_docs.core.people import id_number_fault
from bti_docs.core.raw import Value

TEXT_LIMIT: Final = 500
LONG_TEXT_LIMIT: Final = 10_000
"""Characters; more does not fit a form that people are to read."""

_ID_NUMBER: Final = re.compile(r"(?<!\d)\d{6} ?\d{5}(?!\d)")
_ILLEGAL: Final = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""What XML 1.0 cannot hold, and so no Word file either."""

_EXCEL_RETURN: Final = re.compile(r"_x000[dD]_")
_INVISIBLE: Final = dict.fromkeys([0xFEFF, 0x200B, 0x00AD])
_THOUSANDS: Final = re.compile(r"^-?\d{1,3}(?: \d{3})+$")
_WHOLE: Final = re.compile(r"^(-?\d{1,9})(?:[.,]0+)?(?:\s*min(?:utt(?:er)?)?\.?)?$")
_EMAIL: Final = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s.]+$")
_YES: Final = frozenset({"ja", "j", "x", "1", "true", "sant", "yes", "y", "☒", "☑", "✓", "✔"})
_NO: Final = frozenset({"nei", "n", "0", "false", "usant", "no", "☐", "-", "–"})
_POSTCODE_LENGTH: Final = 4
_LONGEST_QUOTE: Final = 60
_LIKENESS: Final = 0.75
"""From here on a suggestion helps more than it puzzles."""


def tidy(text: str) -> str:
    """Text as it is kept: NFC, one kind of line break, no white space at the ends of lines."""
    plain = _EXCEL_RETURN.sub("", text)
    if not plain.isascii():  # otherwise nothing to do, and the text itself is given back, no copy
        plain = unicodedata.normalize("NFC", plain.translate(_INVISIBLE))
    plain = plain.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip() for line in plain.strip().split("\n"))


def as_text(value: Value) -> str:
    """A cell as a person sees it: 12.0 is 12, 3.5 is 3,5."""
    if isinstance(value, bool):
        return "ja" if value else "nei"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.15g}".replace(".", ",")
    return "" if value is None else str(value)


def is_blank(value: Value) -> bool:
    """Whether a cell holds nothing but white space."""
    return value is None or (isinstance(value, str) and not value.strip())


def quote(value: object) -> str:
    """What was typed, short enough for a sentence; an identity number is never repeated."""
    text = " ".join(_ILLEGAL.sub("�", str(value)).split())
    text = _ID_NUMBER.sub("•" * 11, text)
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"


def parse_value(
    value: Value, field: ManifestField, options: Sequence[Option], language: str
) -> Any:  # noqa: ANN401  (the field's type decides)
    """Read a filled cell as *field* wants it.

    Args:
        value: the cell; not blank.
        field: what the manifest says of it.
        options: the field's choices, already looked up in the profile.
        language: for the choices' labels in a fault.

    Returns:
        str, date, `HH:MM`, int, bool or a tuple of choices' keys; or a `Fault`.
    """
    if isinstance(value, str) and (bad := _ILLEGAL.search(value)):
        return Fault("bad_characters", {"character": f"U+{ord(bad[0]):04X}"})
    if field.type in {"valg", "flervalg"}:
        reader = _parse_choices if field.type == "flervalg" else parse_choice
        return reader(tidy(as_text(value)), options, language)
    return _PARSERS[field.type](value, field, options)


def parse_yes_no(value: Value) -> bool | Fault:
    """Read ja, nei, x, 1, true and their like; the fault is `bad_yes_no`."""
    if isinstance(value, bool):
        return value
    word = as_text(value).strip().casefold().rstrip(".")
    if word in _YES or word in _NO:
        return word in _YES
    return Fault("bad_yes_no", {"value": quote(value)})


def parse_whole_number(value: Value) -> int | Fault:
    """Read a whole number, also typed as text; the fault is `bad_number`."""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        text = " ".join(as_text(value).split())
        plain = text.replace(" ", "") if _THOUSANDS.match(text) else text.casefold()
        if match := _WHOLE.match(plain):
            return int(match[1])
    return Fault("bad_number", {"value": quote(value)})


def parse_choice(text: str, options: Sequence[Option], language: str) -> str | Fault:
    """The key of the choice *text* names by key or label; the fault is `unknown_option`."""
    found = find_option(text, options)
    if found is not None:
        return found.key
    labels = [option.label(language) for option in options]
    near = nearest(text, labels)
    params: dict[str, str | int] = {"value": quote(text), "options": "; ".join(labels)}
    if near:
        return Fault("unknown_option_near", {**params, "nearest": near})
    return Fault("unknown_option", params)


def find_option(text: str, options: Iterable[Option]) -> Option | None:
    """The choice that *text* names by its key or its label in either målform."""
    return next(
        (
            option
            for option in options
            if any(same_text(text, name) for name in (option.key, option.nb, option.nn))
        ),
        None,
    )


def nearest(text: str, names: Iterable[str]) -> str | None:
    """The one of *names* that *text* was probably meant to be."""
    folded = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(text.casefold(), folded, n=1, cutoff=_LIKENESS)
    return folded[close[0]] if close else None


def _parse_choices(text: str, options: Sequence[Option], language: str) -> tuple[str, ...] | Fault:
    """Several choices parted by semicolons or lines, or by commas where no label has one."""
    keys: dict[str, None] = {}
    for part in filter(None, (p.strip() for p in re.split(r"[;\n]", text))):
        whole = find_option(part, options)
        for piece in [part] if whole else [p.strip() for p in part.split(",") if p.strip()]:
            key = parse_choice(piece, options, language)
            if isinstance(key, Fault):
                return key
            keys[key] = None
    return tuple(option.key for option in options if option.key in keys)


def _parse_text(value: Value, field: ManifestField, options: Sequence[Option]) -> str | Fault:
    last = field.key.rpartition(".")[2]
    if isinstance(value, date | datetime | time):
        return Fault("text_became_date")
    if last in _FORMATS:
        return _FORMATS[last](as_text(value))
    text = tidy(as_text(value))
    limit = LONG_TEXT_LIMIT
    if field.type == "text":
        text, limit = " ".join(text.split()), TEXT_LIMIT
    if len(text) > limit:
        return Fault("text_too_long", {"length": len(text), "limit": limit})
    return _known(text, options) if options else text


def _known(text: str, options: Sequence[Option]) -> str | Fault:
    """The key of a known choice; a text field's list is open, so another text is only told of."""
    found = find_option(text, options)
    if found:
        return found.key
    labels = [name for option in options for name in (option.nb, option.nn)]
    near = nearest(text, labels)
    if near:
        return Fault("not_in_list_near", {"value": quote(text), "nearest": near}, "warning", text)
    return Fault("not_in_list", {"value": quote(text)}, "warning", text)


def _parse_postcode(text: str) -> str | Fault:
    digits = "".join(text.split())
    if not (digits.isascii() and digits.isdigit()) or len(digits) > _POSTCODE_LENGTH:
        return Fault("bad_postcode", {"value": quote(text)})
    if len(digits) == _POSTCODE_LENGTH:
        return digits
    full = digits.zfill(_POSTCODE_LENGTH)
    return Fault("postcode_restored", {"value": digits, "full": full}, "warning", full)


def _parse_id_number(text: str) -> str | Fault:
    digits = re.sub(r"[\s.-]", "", text)
    code = id_number_fault(digits)
    return Fault(code) if code else digits


def _parse_email(text: str) -> str | Fault:
    plain = unicodedata.normalize("NFC", text.strip())
    return plain if _EMAIL.match(plain) else Fault("bad_email", {"value": quote(text)})


_FORMATS: Final[Mapping[str, Callable[[str], str | Fault]]] = {
    "postnr": _parse_postcode,
    "foedselsnummer": _parse_id_number,
    "epost": _parse_email,
}
"""Texts with a form of their own, by the last part of the field's key."""

_PARSERS: Final[Mapping[str, Callable[[Value, ManifestField, Sequence[Option]], Any]]] = {
    "text": _parse_text,
    "langtekst": _parse_text,
    "dato": lambda value, _field, _options: parse_date(value),
    "tid": lambda value, _field, _options: parse_time(value),
    "tall": lambda value, _field, _options: parse_whole_number(value),
    "ja_nei": lambda value, _field, _options: parse_yes_no(value),
}
