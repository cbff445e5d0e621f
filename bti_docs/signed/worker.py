"""The process that reads a signed file: a job in on stdin, its signatures as JSON on stdout.

An error it does not know of ends it, and then the signatures are «not checked».
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import pickle
import sys

from bti_docs.core.signatures import Signature
from bti_docs.signed.attached import check_asice, check_attached
from bti_docs.signed.chains import Anchors
from bti_docs.signed.checking import Job, answer_json
from bti_docs.signed.pdf import attachments, check_pdf
from bti_docs.signed.word import check_word


def main() -> None:
    """Answer one job."""
    job = pickle.load(sys.stdin.buffer)  # noqa: S301  (from the process that started this one)
    _limit(job)
    logging.disable()  # the library writes people's names
    sys.stdout.buffer.write(answer_json(asyncio.run(check(job))))


async def check(job: Job) -> tuple[Signature, ...]:
    """Every signature of a file."""
    if job.kind == "docx":
        return check_word(job.data)
    anchors = Anchors.of(job.anchors, job.at)
    if job.kind == "asice":
        return await check_asice(job.data, anchors)
    own = await check_pdf(job.data, anchors)
    return own + await check_attached(attachments(job.data), job.known, anchors)


def _limit(job: Job) -> None:
    with contextlib.suppress(ImportError):  # Windows has no such limits; the time is limited there
        import resource  # noqa: PLC0415

        seconds = math.ceil(job.seconds)
        resource.setrlimit(resource.RLIMIT_AS, (job.memory, job.memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
