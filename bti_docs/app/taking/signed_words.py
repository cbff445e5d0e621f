"""The facts of a signed file as people read them: each on a line of its own, never one tick."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from bti_docs.core.deadlines import OSLO
from bti_docs.core.signatures import Line, Signature, SignedFile, list_line, signature_lines
from bti_docs.messages import text


def signed_text(signed: SignedFile, language: str) -> Iterator[str]:
    """What was found out about a signed file: a heading and the facts of each signature."""
    if signed.trouble or not signed.signatures:
        yield text(f"signed_trouble_{signed.trouble}" if signed.trouble else "signed_nothing",
                   language)  # fmt: skip
        return
    for number, one in enumerate(signed.signatures, start=1):
        count = len(signed.signatures)
        yield text("signed_heading", language, number=number, count=count)
        for fact in signature_lines(one):
            yield "  " + " ".join(_sentence(line, language) for line in fact)
    if any(one.who for one in signed.signatures):
        yield _sentence(list_line(signed), language)


def signed_body(signed: SignedFile) -> list[dict[str, Any]]:
    """The same as other programs read it; what is not known is null."""
    return [_body(one) for one in signed.signatures]


def _body(one: Signature) -> dict[str, Any]:
    yes = {"yes": True, "no": False, "unknown": None}
    return {
        "role": one.role,
        "signer": one.who.name if one.who else None,
        "time": one.at.isoformat() if one.at else None,
        "time_stamped": one.stamped,
        "intact": yes[one.intact],
        "covers_document": yes[one.whole],
        "trusted": yes[one.trusted],
    }


def _sentence(line: Line, language: str) -> str:
    return text(line.code, language, **_shown(line.params))


def _shown(params: Mapping[str, Any]) -> dict[str, object]:
    """Instants as day and time in Norway."""
    shown: dict[str, object] = {}
    for key, value in params.items():
        if key == "at" and isinstance(value, datetime):
            local = value.astimezone(OSLO)
            shown |= {"day": f"{local:%d.%m.%Y}", "time": f"{local:%H.%M}"}
        elif isinstance(value, date):
            shown[key] = f"{value:%d.%m.%Y}"
        else:
            shown[key] = value
    return shown
