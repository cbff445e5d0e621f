"""Where tags stand in a text, and what they say under Word's typing habits."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from bti_docs.merge.language.normalise_scan import scan
from tests.edges.normaliser_samples import (
    ODD,
)


def bodies(text: str) -> list[str]:
    return [sign.text for sign in scan(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ a }}", ["{{ a }}"]),
        ("x{{a}}y{{ b|f }}z", ["{{ a }}", "{{ b|f }}"]),
        ("{%p if a %}{%tr for x in y %}{%tc endfor %}{%r if x %}", [
            "{%p if a %}", "{%tr for x in y %}", "{%tc endfor %}", "{%r if x %}",
        ]),
        ("{%\u00a0if\u202fa\u00ad b\u200b %}", ["{% if a b %}"]),
        ("{%p\u00a0if a %}", ["{%p if a %}"]),
        ("{%- if a -%}{{- a -}}{%+ if a +%}", ["{%- if a -%}", "{{- a -}}", "{% if a %}"]),
        ("{%-%}{{-}}", ["{%-  %}", "{{-  }}"]),
        ("{# a {{ b }} #}c{#p d #}", ["{# a {{ b }} #}", "{#p d #}"]),
        ("{{p }}{{ p }}{{r x }}{{r|f }}", ["{{ p }}", "{{ p }}", "{{r x }}", "{{ r|f }}"]),
        ("{{ a {{ b }}", ["{{ b }}"]),
        ("{{ a %} {% b }} {% c %}", ["{% c %}"]),
        ("{{ a", []),
        ("{# a", []),
        ("{#}", []),
        ("{{}}{%%}", ["{{  }}", "{%  %}"]),
        ("{{ \"it’s” }}{{ 'si “x’ }}", ['{{ "it’s" }}', "{{ 'si “x' }}"]),
        ("{{ ” }}", ['{{ " }}']),
        ("} } { {", []),
        ("{{{ a }}}", ["{{ { a }}"]),
        ("{{ 'a }}' }}{{ \"%}\" }}", ["{{ 'a }}' }}", '{{ "%}" }}']),
        ("{{ ‘a’ }}{{ “b” }}{{ «c» }}{{ „d“ }}{{ »e« }}", [
            "{{ 'a' }}", '{{ "b" }}', '{{ "c" }}', '{{ "d" }}', '{{ "e" }}',
        ]),
        ("{{ 'it’sx»' }}", ["{{ 'it’sx»' }}"]),
        ('{{ "a” }} og {{ "b" }}', ['{{ "a" }}', '{{ "b" }}']),
        ("{{ “a\" }}{{ 'a’ }}", ['{{ "a" }}', "{{ 'a' }}"]),
        ("{{ 'a\u00a0b' }}", ["{{ 'a\u00a0b' }}"]),
        (r"{{ 'a\'b' }}", [r"{{ 'a\'b' }}"]),
        ("{{ 'a }} og {{ b' }}", ["{{ 'a }}", "{{ b' }}"]),
        ("{{ ’ }}", ["{{ ' }}"]),
        ("{_{ a }_} {_% %_}", ["{_{", "}_}", "{_%", "%_}"]),
    ],
)  # fmt: skip
def test_finds_tags(text: str, expected: list[str]) -> None:
    assert bodies(text) == expected


def test_a_tag_knows_its_place_and_word() -> None:
    first, second = scan("ab{%tr for x in y %}c{{ x }}")
    assert (first.start, first.end, first.word, first.source) == (2, 20, "for", "{% for x in y %}")
    assert (second.start, second.end, second.word) == (21, 28, "")
    assert [sign.word for sign in scan("{% %}{# for #}{_{")] == ["", "", ""]


@given(ODD)
@settings(deadline=None)
def test_a_found_tag_is_found_again_in_what_it_says(text: str) -> None:
    for sign in scan(text):
        if sign.opening and sign.opening != "{#" and sign.body:
            again = next(scan(sign.text))
            assert (again.opening, again.scope, again.body) == (
                sign.opening, sign.scope, sign.body,
            )  # fmt: skip
