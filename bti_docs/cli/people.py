"""People on the screen: by name, with the code that commands want."""

from __future__ import annotations

from collections.abc import Iterable

from bti_docs.core.model import Case
from bti_docs.core.naming import full_name


def people_text(case: Case, codes: Iterable[str]) -> str:
    """«Kari Prøvesen (f1), Per Eksempel (f2)»; the code alone when nobody is known by it."""
    named = ((full_name(case.people.get(code, {})), code) for code in codes)
    return ", ".join(f"{name} ({code})" if name else code for name, code in named)
