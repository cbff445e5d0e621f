"""Ours, all strict checks on: `ours.py TEMPLATE RECORDS zlib|isal|blocks`."""

from __future__ import annotations

import importlib.util
import inspect
import sys
from typing import Any

from _turns import missing, take_turns

PACKING = sys.argv[3]
if PACKING == "isal":
    if importlib.util.find_spec("isal") is None:
        missing()
else:
    sys.modules["isal"] = None  # type: ignore[assignment]  # as if it were not installed

from bti_docs import __version__  # noqa: E402
from bti_docs.merge import Template  # noqa: E402

setting: dict[str, Any] = {"packing": "blocks"} if PACKING == "blocks" else {}
if not setting.keys() <= inspect.signature(Template.open).parameters.keys():
    missing()
template = Template.open(sys.argv[1], **setting)


def render(record: dict[str, Any]) -> bytes:
    """Compiled once, as an office does."""
    return template.render(record, refuse_unknown=True)


take_turns(__version__, render)
