"""What stands in an event or a payload, whatever a newer or broken program wrote there. Pure.

The fold is total: a value of the wrong kind counts as not said.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any


def texts(value: object) -> tuple[str, ...]:
    """A list's texts; empty for anything but a list."""
    return tuple(str(item) for item in value) if isinstance(value, list | tuple) else ()


def mapping(value: object) -> dict[str, Any]:
    """An object; empty for anything else."""
    return {str(key): item for key, item in value.items()} if isinstance(value, Mapping) else {}


def mappings(value: object) -> tuple[dict[str, Any], ...]:
    """A list's objects; what is no object is left out."""
    found = value if isinstance(value, list | tuple) else ()
    return tuple(mapping(item) for item in found if isinstance(item, Mapping))


def number(value: object) -> int:
    """A whole number; 0 for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def numbers(value: object) -> frozenset[int]:
    """A list's whole numbers."""
    found = value if isinstance(value, list | tuple) else ()
    return frozenset(n for n in found if isinstance(n, int) and not isinstance(n, bool))


def decimal(value: object) -> float:
    """A number; 0 for anything else."""
    return float(value) if isinstance(value, int | float) else 0.0


def day(value: object) -> date | None:
    """A day written as ISO 8601; None for anything else."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None


def is_blank(value: object) -> bool:
    """Whether nothing was said; no and nought are something."""
    return value in (None, "", [], (), {})
