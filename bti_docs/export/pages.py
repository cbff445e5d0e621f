"""The two pages: the relay log for staff, START_HER.html for a family. One file each, no scripts.

Everything a page needs stands in it: a phone that opens it from a file app follows no links.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib import resources
from itertools import groupby
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from bti_docs import messages
from bti_docs.core.family_model import FamilyCopy, Moment, Paper
from bti_docs.core.profile import Profile
from bti_docs.core.relay_model import RelayLog

FOLDER: Final = "dokumenter"
"""Where the papers lie, beside the page."""


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A file in the family's folder: its name there, and the code of the link's sentence."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper with what can be read of it on the page itself."""

    paper: Paper
    names: tuple[PaperFile, ...]
    texts: tuple[str, ...]
    """One text a page."""
    printed: bool
    """The texts are of the paper as it was made, since the return is a picture."""
    pictures: tuple[str, ...]
    """`data:` addresses, one a page that is a picture."""


@dataclass(frozen=True, slots=True)
class Day:
    """The moments of one day in the timeline."""

    text: str
    moments: tuple[Moment, ...]


def log_html(log: RelayLog, profile: Profile) -> bytes:
    """`stafettlogg.html` for the case folder: derived, for staff, not for handing out."""
    urgent = [(line.phone, line.text(log.language)) for line in profile.urgent]
    staff_line = profile.urgent_staff.of(log.language) if profile.urgent_staff else ""
    return _page("log.html", log.language, log=log, urgent=urgent, staff_line=staff_line)


def family_html(copy: FamilyCopy, papers: Iterable[PaperView], sums: Mapping[str, str]) -> bytes:
    """`START_HER.html`, whole in itself.

    Args:
        copy: What the person gets.
        papers: The papers with their texts and pictures, in order.
        sums: The SHA-256 of each of the folder's files, by name.
    """
    return _page(
        "family.html",
        copy.language,
        c=copy,
        title=folder_title(copy),
        days=tuple(_days(copy)),
        papers=tuple(papers),
        sums=sorted(sums.items()),
    )


def folder_title(copy: FamilyCopy) -> str:
    """What the reader calls the folder."""
    code = "family_page_title_youth" if copy.youth else "family_page_title"
    return messages.text(code, copy.language)


def _days(copy: FamilyCopy) -> Iterator[Day]:
    for text, moments in groupby(copy.timeline, key=lambda moment: moment.day_text):
        yield Day(text, tuple(moments))


def _page(name: str, language: str, **values: Any) -> bytes:  # noqa: ANN401  (template values)
    template = _environment(language).get_template(name)
    html = template.render(lang=language, css=_css(), **values)
    return html.encode("utf-8")


def _text(language: str, code: str, /, **params: object) -> str:
    return messages.text(code, language, **params)


@cache
def _environment(language: str) -> Environment:
    """One for each language: a sentence without parameters is found when a page is compiled."""
    environment = Environment(
        loader=PackageLoader("bti_docs.export", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    say = partial(_text, language)
    environment.globals["t"] = environment.filters["t"] = say
    return environment


@cache
def _css() -> str:
    sheet = resources.files("bti_docs").joinpath("assets", "page.css")
    return sheet.read_text(encoding="utf-8")
