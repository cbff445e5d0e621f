"""Every fillable value stands in a content control that carries its key and its label.

The controls are inline and plain text: LibreOffice keeps their labels (it drops block controls'
second paragraph), and the values come back as one string each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final, Literal

from wml import run

Language = Literal["nb", "nn"]
_FILTERS: Final = {
    "dato": "|dato",
    "tid": "|kl",
    "tall": "|tall",
    "flervalg": "|liste",
    "langtekst": "|linjer",
}
_SUB_FILTERS: Final = {
    "frist": "|dato",
    "evalueres": "|dato",
    "start": "|dato",
    "fra": "|dato",
    "til": "|dato",
    "minutter": "|tall",
}
_LONG: Final = frozenset(
    {"maal", "tiltak", "ansvarlig", "resultat", "evaluering", "opplysninger", "unntak",
     "begrensninger", "formaal", "tittel"}
)  # fmt: skip
SUB_LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "nr": ("nr.", "nr."),
    "navn": ("navn", "namn"),
    "stilling": ("stilling", "stilling"),
    "rolle": ("rolle", "rolle"),
    "tjeneste": ("tjeneste", "teneste"),
    "telefon": ("telefon", "telefon"),
    "epost": ("e-post", "e-post"),
    "status": ("status", "status"),
    "maal": ("mål", "mål"),
    "tiltak": ("tiltak", "tiltak"),
    "arena": ("hvor", "kvar"),
    "ansvarlig": ("ansvarlig", "ansvarleg"),
    "start": ("start", "start"),
    "frist": ("frist", "frist"),
    "resultat": ("resultat", "resultat"),
    "evaluering": ("evaluering", "evaluering"),
    "evalueres": ("skal evalueres", "skal evaluerast"),
    "tittel": ("sak", "sak"),
    "minutter": ("minutter", "minutt"),
    "formaal": ("formål", "føremål"),
    "opplysninger": ("opplysninger som kan deles", "opplysningar som kan delast"),
    "unntak": ("opplysninger som ikke skal deles", "opplysningar som ikkje skal delast"),
    "begrensninger": ("grenser for enkelte tjenester", "grenser for einskilde tenester"),
    "fra": ("gjelder fra", "gjeld frå"),
    "til": ("gjelder til", "gjeld til"),
}


def _date(locale: str, shown: str) -> str:
    return (
        f'<w:date><w:dateFormat w:val="{shown}"/><w:lid w:val="{locale}"/>'
        '<w:storeMappedDataAs w:val="dateTime"/><w:calendar w:val="gregorian"/></w:date>'
    )


def _choices(options: list[Mapping[str, str]], language: Language) -> str:
    items = "".join(
        f'<w:listItem w:displayText="{escape(option[language])}" w:value="{option["key"]}"/>'
        for option in options
    )
    return f"<w:dropDownList>{items}</w:dropDownList>"


def _control(key: str, alias: str, kind: str, content: str, *, kept: bool = True) -> str:
    """A control; one that is *kept* cannot be deleted by mistake, and rows must be deletable."""
    lock = '<w:lock w:val="sdtLocked"/>' if kept else ""
    names = f'<w:alias w:val="{escape(alias)}"/><w:tag w:val="{key}"/>'
    return (
        f"<w:sdt><w:sdtPr>{names}{lock}{kind}</w:sdtPr>"
        f"<w:sdtContent>{content}</w:sdtContent></w:sdt>"
    )


_CHECKBOX: Final = (
    '<w14:checkbox><w14:checked w14:val="0"/><w14:checkedState w14:val="2612" '
    'w14:font="DejaVu Sans"/><w14:uncheckedState w14:val="2610" w14:font="DejaVu Sans"/>'
    "</w14:checkbox>"
)


@dataclass(frozen=True, slots=True)
class Controls:
    """The content controls of one manifest in one language."""

    manifest: Mapping[str, Any]
    language: Language

    def _field(self, key: str) -> Mapping[str, Any]:
        found = [f for f in self.manifest["field"] if f["key"] == key]
        if len(found) != 1:
            raise KeyError(key)
        spec: Mapping[str, Any] = found[0]
        return spec

    def label(self, key: str) -> str:
        """The field's label, as the manifest has it."""
        return str(self._field(key)["label"][self.language])

    def asked(self, key: str) -> str:
        """The condition for printing a field: optional blanks go when the paper is complete."""
        spec = self._field(key)
        value = f"{key}.navn" if spec["type"] == "person" else key
        return f"not dok.ferdig or {value}" if spec.get("required", "never") == "never" else ""

    def _kind(self, spec: Mapping[str, Any]) -> str:
        if spec["type"] == "dato":
            return _date(f"{self.language}-NO", "dd.MM.yyyy")
        if spec["type"] == "valg" and isinstance(spec.get("options"), list):
            return _choices(spec["options"], self.language)
        return '<w:text w:multiLine="1"/>' if spec["type"] == "langtekst" else "<w:text/>"

    def value(self, key: str, *, style: str = "") -> str:
        """A scalar field's value."""
        spec = self._field(key)
        text = f"{{{{ {key}{_FILTERS.get(spec['type'], '')} }}}}"
        return _control(key, self.label(key), self._kind(spec), run(text, style=style))

    def day(self, key: str) -> str:
        """A date with its weekday, «torsdag 3. desember 2026»."""
        shown = _date(f"{self.language}-NO", "dddd d. MMMM yyyy")
        content = run(f"{{{{ {key}|dato_dag }}}}", style="Strong")
        return _control(key, self.label(key), shown, content)

    def box(self, key: str) -> str:
        """A yes-or-no field as a box to tick, by pen or by a click in Word."""
        mark = f"{{% if {key} %}}☒{{% else %}}☐{{% endif %}}"
        return _control(key, self.label(key), _CHECKBOX, run(mark, style="Rute"))

    def part(self, key: str, sub: str, row: str = "") -> str:
        """A block's sub-field; *row* is the loop's name when the block is repeated."""
        spec = self._field(key)
        if "columns" in spec and sub not in spec["columns"]:
            raise KeyError(f"{key}.{sub}")
        text = f"{{{{ {row or key}.{sub}{_SUB_FILTERS.get(sub, '')} }}}}"
        if sub in _LONG:
            text = text.replace(" }}", "|linjer }}")
        names = SUB_LABELS[sub]
        alias = f"{self.label(key)}: {names[0] if self.language == 'nb' else names[1]}"
        dates = _SUB_FILTERS.get(sub) == "|dato"
        long = '<w:text w:multiLine="1"/>' if sub in _LONG else "<w:text/>"
        kind = _date(f"{self.language}-NO", "dd.MM.yyyy") if dates else long
        return _control(f"{key}.{sub}", alias, kind, run(text), kept=not row)
