"""The sentences people read: whole in three languages, and one for every code the program has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from bti_docs import errors, messages
from bti_docs.app.sweeping import NOT_YET
from bti_docs.core.filing import REASONS
from bti_docs.messages import catalogue, codes, reason_text, text

PACKAGE = Path(messages.__file__).resolve().parents[1]
LANGUAGES = messages.LANGUAGES

ERRORS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.BtiError)
}
CARRIERS = ERRORS | {"Problem", "Reason", "Flaw", "Finding", "_problem", "say", "text", "t"}
"""What is given a code as its first argument, or after its context."""
CODE = re.compile(r"[a-z][a-z0-9]*(_[A-Za-z0-9]+)*")
FAMILIES = re.compile(r"(manifest|toml|config|library|tpl)_[a-z0-9_]+")
"""Codes of these families are codes wherever they stand."""

BOKMAAL_ONLY = """
ikke jeg hva hvem hvor hvordan hvilken hvilket hvilke hver noe noen fra en et gjøre gjør være skole
skolen skolens tjeneste tjenesten tjenester tjenestene foresatt foresatte bare dere deres mer flere
uten nå hjem mangler skriver finnes kommer leser filen saken mappen dokumenter dokumentene filene
datoer godkjente ukjente selv sammen vises brukes sendes lages trenger sjekker enten lagret fjernet
endret
"""
NYNORSK_ONLY = """
ikkje eg kva kven kvar korleis kvifor noko nokon nokre frå ein eit gjere gjer vere skule skulen
teneste tenesta tenester tenestene føresett føresette berre dykk dykkar meir fleire utan heim
manglar finst kjem saka mappa sida saman sjølv byrje vart vorte kvart medan
"""


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def name_of(call: ast.Call) -> str:
    function = call.func
    return getattr(function, "id", getattr(function, "attr", ""))


def code_argument(call: ast.Call) -> str | None:
    keywords = [k.value for k in call.keywords if k.arg == "code"]
    after_context = call.args[:1] and getattr(call.args[0], "id", "") == "ctx"
    for value in [*(call.args[1:2] if after_context else call.args[:1]), *keywords]:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return value.value
    return None


def used_codes() -> dict[str, str]:
    found: dict[str, str] = {}
    for path, tree in trees():
        for node in ast.walk(tree):
            code = None
            if isinstance(node, ast.Call) and name_of(node) in CARRIERS:
                code = code_argument(node)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                code = node.value if FAMILIES.fullmatch(node.value) else None
            if code and CODE.fullmatch(code):
                found[code] = f"{path.relative_to(PACKAGE)}:{getattr(node, 'lineno', 0)}"
    return found


def parameters(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def words(sentence: str) -> set[str]:
    return set(re.findall(r"[\w-]+", re.sub(r"\{[^}]*\}|«[^»]*»", " ", sentence.lower())))


def test_every_code_of_the_program_has_a_sentence() -> None:
    have = codes("nb")
    missing = {
        code: place
        for code, place in used_codes().items()
        if not have & {code, f"log_{code}"}  # the timeline's sentences begin so
    }
    assert missing == {}


def test_every_sentence_is_used() -> None:
    """A sentence is used when its code stands in code, whole or as a beginning and an ending."""
    source = "\n".join(p.read_text(encoding="utf-8") for p in _sources())
    whole = set(re.findall(r"\w+", source))
    begun = tuple(re.findall(r"f[\"']([a-z][a-z0-9_]*_)\{", source))
    chosen = tuple(f"{c}_" for c in re.findall(r"choice\(\s*\"([a-z0-9_]+)\"", source))
    dead = [c for c in codes("nb") if c not in whole and not c.startswith(begun)]
    assert [c for c in dead if not any(c.removeprefix(p) in whole for p in chosen)] == []


def _sources() -> Iterator[Path]:
    for suffix in ("*.py", "*.html", "*.xml", "*.j2"):
        yield from PACKAGE.rglob(suffix)


def made_reasons() -> Iterator[tuple[str, frozenset[str]]]:
    """Every code that is made into a reason or a finding on a returned document, with its keys."""
    for _, tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or name_of(node) not in {"Reason", "Finding"}:
                continue
            keys = [
                frozenset(k.value for k in arg.keys if isinstance(k, ast.Constant))
                for arg in node.args[1:]
                if isinstance(arg, ast.Dict)
            ]
            for code in said_codes(node.args[0]) if node.args else ():
                yield code, frozenset(map(str, keys[0])) if keys else frozenset()


def said_codes(value: ast.expr) -> Iterator[str]:
    """The codes that an argument may be."""
    if isinstance(value, ast.IfExp):
        yield from (*said_codes(value.body), *said_codes(value.orelse))
    elif isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_to_wait_has_a_sentence_for_what_its_maker_knows(language: str) -> None:
    made = [pair for pair in made_reasons() if pair[0] in REASONS or pair[0].startswith("rb_")]
    assert {code for code, _ in made} >= {"already_settled", "unknown_reference", "rb_two_values"}
    without = set(REASONS) - {code for code, _ in made}
    for code, keys in [*made, *((code, frozenset[str]()) for code in without)]:
        params = dict.fromkeys(keys, "x")
        if keys & {"field", "tag"}:  # whoever shows a field has its label
            params["label"] = "x"
        assert reason_text(code, language, **params), code


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", sorted(NOT_YET | {"is_folder", "is_link", "not_a_file"}))
def test_every_file_that_stays_has_a_sentence(reason: str, language: str) -> None:
    assert text(reason, language)


@pytest.mark.parametrize("language", ["nn", "en"])
def test_the_languages_have_the_same_codes_and_parameters(language: str) -> None:
    assert codes(language) ^ codes("nb") == set()
    different = [
        code
        for code in codes("nb")
        if parameters(catalogue(language)[code]) != parameters(catalogue("nb")[code])
    ]
    assert different == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_is_plain_and_whole(language: str) -> None:
    for code, sentence in catalogue(language).items():
        assert CODE.fullmatch(code), code
        assert bool(sentence) == bool(catalogue("nb")[code]), code
        assert all(line == line.strip() for line in sentence.split("\n")), code
        assert all(CODE.fullmatch(name) for name in parameters(sentence)), code


@pytest.mark.parametrize(("language", "strange"), [("nn", BOKMAAL_ONLY), ("nb", NYNORSK_ONLY)])
def test_the_two_norwegians_are_not_mixed(language: str, strange: str) -> None:
    mixed = {
        code: found
        for code, sentence in catalogue(language).items()
        if (found := words(sentence) & set(strange.split()))
    }
    assert mixed == {}


def test_a_sentence_is_filled_in() -> None:
    filled = text("toml_unknown_key", "nb", file="SAM.toml", key="field[1].labl", nearest="label")
    assert "SAM.toml" in filled
    assert "«label»" in filled


def test_what_is_unknown_is_told() -> None:
    with pytest.raises(KeyError, match="no_such_code"):
        text("no_such_code", "nb")
    with pytest.raises(KeyError, match="sv"):
        text("toml_unknown_key", "sv")
    with pytest.raises(KeyError, match="nearest"):
        text("toml_unknown_key", "nb", file="x", key="y")
