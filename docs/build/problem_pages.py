"""docs/feilmeldinger.md: every sentence about something that is not as it should be, by its code.

Which sentences those are is read from the program: what its errors and problems are made with.
`ord.toml` puts them in groups; the rest of the catalogue is labels on pages and sheets.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from page_parts import Words, code, page, table

import bti_docs
from bti_docs.core.filing import REASONS
from bti_docs.messages import catalogue

PACKAGE: Final = Path(bti_docs.__file__).parent
CODE: Final = re.compile(r"[a-z][a-z0-9]*(_[A-Za-z0-9]+)*")
LABEL: Final = "wb_"
"""How the codes of the workbook's own words begin, in the fragment of its problems."""


def problem_page(words: Words) -> str:
    """The whole page."""
    parts: list[str] = []
    groups = grouped(words)
    for group in words.body["gruppe"]:
        codes = groups.get(group["tittel"], [])
        if codes:
            parts += _group(group, codes, words)
    return page("feilmeldinger", *parts)


def _group(group: Mapping[str, Any], codes: list[str], words: Words) -> Iterator[str]:
    yield f"## {group['tittel']}"
    exits = words.of("feil", "utgang") if "utgang" in group else ""
    said = exits.format(exit=code(str(group.get("utgang"))))
    yield f"{said} {group.get('tekst', '')}".strip()
    head = (words.of("kolonne", "kode"), words.of("feil", "meldingen"))
    sentences = catalogue("nb")
    yield table(head, [(code(one), _shown(sentences[one])) for one in codes])


def _shown(sentence: str) -> str:
    """The sentence as Markdown: what is filled in as code, and nothing that looks like markup."""
    plain = sentence.replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")
    return re.sub(r"\{([^}]*)\}", lambda found: code(found[0].replace("\\_", "_")), plain)


def grouped(words: Words) -> dict[str, list[str]]:
    """The codes of each group, in the catalogue's order."""
    carriers = code_carriers()
    found: dict[str, list[str]] = {}
    for fragment, one in _catalogue_order():
        group = _group_of(one, fragment, carriers.get(one, frozenset()), words)
        if group:
            found.setdefault(group, []).append(one)
    return found


def _group_of(one: str, fragment: str, carriers: frozenset[str], words: Words) -> str | None:
    for group in words.body["gruppe"]:
        named = bool(carriers & set(group.get("baerer", ())))
        alike = re.fullmatch(group.get("moenster", "(?!)"), one)
        whole = group.get("kilde") == fragment and not one.startswith(LABEL)
        if named or alike or whole:
            return str(group["tittel"])
    return None


def _catalogue_order() -> Iterator[tuple[str, str]]:
    """Each code with the fragment of the catalogue that it stands in."""
    for fragment in sorted((PACKAGE / "messages" / "nb").glob("*.toml")):
        for one in tomllib.loads(fragment.read_text(encoding="utf-8")):
            yield fragment.stem, one


def code_carriers() -> dict[str, frozenset[str]]:
    """What each code is given to in the program: an error, a problem, a reason."""
    found: dict[str, set[str]] = {one: {"Reason"} for one in REASONS}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                for one in _first_code(node):
                    found.setdefault(one, set()).add(_name(node))
    return {one: frozenset(carriers) for one, carriers in found.items()}


def _first_code(call: ast.Call) -> Iterator[str]:
    keywords = [keyword.value for keyword in call.keywords if keyword.arg == "code"]
    for value in [*call.args[:2], *keywords]:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            if CODE.fullmatch(value.value):
                yield value.value
            return


def _name(call: ast.Call) -> str:
    return str(getattr(call.func, "id", getattr(call.func, "attr", "")))
