"""Whether a document is finished: everything that must be there when it comes back, is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bti_docs.core.loose import is_blank
from bti_docs.core.manifest import Manifest


def is_complete(manifest: Manifest, values: Mapping[str, Any]) -> bool:
    """Whether no field is blank that the manifest wants at issue or at return."""
    wanted = (values.get(field.key) for field in manifest.fields if field.required != "never")
    return not any(map(is_blank, wanted))
