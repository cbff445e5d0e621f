"""Check the signatures of a file in a process of its own, which may hang or die without harm."""

from __future__ import annotations

import hashlib
import pickle
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from pydantic import TypeAdapter, ValidationError

from bti_docs.core.signatures import Signature, SignedFile, Trouble
from bti_docs.signed.trust import TrustList

SignedKind = Literal["pdf", "docx", "asice"]

MAX_BYTES: Final = 100 * 1024 * 1024
SECONDS: Final = 60.0
MEMORY: Final = 2 * 1024**3
"""Bytes of address space the process may use, where the system can say so."""
_ROOT: Final = Path(__file__).resolve().parents[2]
_START: Final = (
    "import sys; sys.path.insert(0, sys.argv.pop()); "
    "from bti_docs.signed.worker import main; main()"
)
_SIGNATURES: Final = TypeAdapter(tuple[Signature, ...])
_SIGNED: Final = TypeAdapter(SignedFile)


@dataclass(frozen=True, slots=True)
class Job:
    """What the process is given."""

    data: bytes
    kind: SignedKind
    known: tuple[bytes, ...]
    anchors: tuple[bytes, ...]
    at: datetime
    seconds: float
    memory: int


def check_signatures(
    data: bytes,
    kind: SignedKind,
    trust: TrustList,
    at: datetime,
    *,
    known: Sequence[bytes] = (),
    seconds: float = SECONDS,
) -> SignedFile:
    """Find out all there is to know about a file's signatures. Never raises for what is in it.

    Args:
        data: the file as it came.
        kind: what it is; a container is `asice`.
        trust: the office's list of issuers.
        at: the moment certificates must be good at, unless a time stamp proves an earlier one.
        known: documents as we issued them, which attached signatures may name by their hash.
        seconds: how long it may take.
    """
    empty = SignedFile(hashlib.sha256(data).hexdigest(), at, trust.day, len(trust.anchors), (), "")
    if len(data) > MAX_BYTES:
        return replace(empty, trouble="too_large")
    found = _run(Job(data, kind, tuple(known), trust.anchors, at, seconds, MEMORY))
    if isinstance(found, str):
        return replace(empty, trouble=found)
    return replace(empty, signatures=found)


def _run(job: Job) -> tuple[Signature, ...] | Trouble:
    try:
        done = subprocess.run(  # noqa: S603  (our own program)
            [sys.executable, "-I", "-c", _START, str(_ROOT)],
            input=pickle.dumps(job),
            capture_output=True,
            timeout=job.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "too_slow"
    try:
        return _SIGNATURES.validate_json(done.stdout) if done.returncode == 0 else "unreadable"
    except ValidationError:
        return "unreadable"


def signed_json(signed: SignedFile) -> bytes:
    """What was found out, as the file that is kept beside the document."""
    return _SIGNED.dump_json(signed, indent=1) + b"\n"


def read_signed_json(data: bytes) -> SignedFile | None:
    """Read what `signed_json` wrote; None for anything else."""
    try:
        return _SIGNED.validate_json(data)
    except ValidationError:
        return None


def answer_json(found: tuple[Signature, ...]) -> bytes:
    """What the process answers."""
    return _SIGNATURES.dump_json(found)
