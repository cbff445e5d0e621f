"""Which names the members of a package may have: each one part, none of them outside.

ECMA-376 part 2, 6.2.2: segments between single slashes, none empty or ending in a dot, no escaped
slash; names that differ only in case or in how a letter is composed are the same name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate
from typing import Final
from urllib.parse import unquote

from bti_docs.errors import MergeError

_UNSOUND: Final = re.compile(
    r"""[\x00-\x1f\x7f\\]      # what no name needs: control characters, other systems' slashes
      | ^/ | ^[A-Za-z]:        # from the root, from a drive
      | //                     # an empty segment
      | (?:^|/)[^/]*\.(?:/|$)  # `.`, `..` and everything else that ends in a dot
      | %(?:2f|5c|00)          # the same in disguise
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PLAIN: Final = re.compile(r"[A-Za-z0-9_./\[\]-]{1,120}")


def refuse_names(names: Sequence[str]) -> None:
    """Refuse names that leave the package, and names that two readers could read as one.

    Raises:
        MergeError: `docx_member_name`, `docx_member_twice`.
    """
    parts: set[str] = set()
    for name in names:
        if not name or _UNSOUND.search(name):
            raise MergeError("docx_member_name", part=place_of(name))
        key = _key(name)
        if key in parts:
            raise MergeError("docx_member_twice", part=place_of(name))
        parts.add(key)
    for name in names:  # a part cannot be a folder of others
        folders = accumulate(_key(name).split("/")[:-1], "{}/{}".format)
        if not parts.isdisjoint(folders):
            raise MergeError("docx_member_twice", part=place_of(name))


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", unquote(name)).casefold())


def place_of(name: str) -> str:
    """The member's name as it may stand in an error: as programs name parts, or a question mark.

    What people typed could be a person's name, and does not belong in an error.
    """
    return name if _PLAIN.fullmatch(name) else "?"
