"""The real command, killed by the system at any moment, finishes its work the next time."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from bti_docs.core.events import digest
from bti_docs.simulate import as_pdf
from tests.flow.offices import (
    Body,
    assert_outbox_whole,
    assert_sound,
    batch,
    case,
    consent,
    copy_office,
    held_bytes,
    invitation,
    issue_all,
    opened,
    papers,
    scanned,
    sets,
    story,
)

BEGINNING: Body = batch([case()], [consent()], "uke-47")
BATCH: Body = batch([case("s2", child={"fornavn": "Ola"})], [consent("b", "s2"),
                    invitation("i", "s2")])  # fmt: skip
QUIET = "ro_sekunder = 10"

ROUNDS = pytest.mark.parametrize(
    "rounds", [3, pytest.param(50, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])]
)


@pytest.fixture(scope="module")
def ready(office_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """An office with a batch to issue and a signed heap in its inbox."""
    root = copy_office(office_folder, tmp_path_factory.mktemp("klar") / "kontor")
    with opened(root) as office:
        issue_all(office, BEGINNING)
        sheets = [paper.ref for _, paper in papers(office, "SAM")]
        heap = as_pdf([page for ref in sheets for page in scanned(office, ref)])
        (office.settings.inbox / "SCAN0001.pdf").write_bytes(heap)
    (root / "parti.json").write_text(json.dumps(BATCH), "utf-8")
    return root, digest(heap)


@contextmanager
def command(root: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    call = [sys.executable, "-m", "bti_docs", "-C", str(root), *words]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(call, stdin=quiet, stdout=quiet, stderr=quiet) as process:
        yield process


def whole(root: Path, words: Sequence[str]) -> float:
    """Let the command finish; the seconds it takes."""
    start = time.monotonic()
    with command(root, *words) as process:
        assert process.wait(60) == 0, words
    return time.monotonic() - start


@ROUNDS
@pytest.mark.parametrize("words", [("issue", "parti.json"), ("inbox", "--once")])
def test_killed_and_begun_again(
    ready: tuple[Path, str], tmp_path: Path, words: tuple[str, str], rounds: int
) -> None:
    base, heap = ready
    words = (words[0], words[1].replace("parti.json", str(base / "parti.json")))
    unbroken = copy_office(base, tmp_path / "unbroken")
    seconds = whole(unbroken, words)
    with opened(unbroken) as office:
        expected, together = story(office), sets(office)
    chance = random.Random(47)  # noqa: S311  (moments, not secrets)
    for number in range(rounds):
        root = copy_office(base, tmp_path / str(number))
        with command(root, *words) as process:
            time.sleep(seconds * chance.uniform(0.4, 1.05))
            process.kill()
        with opened(root) as office:
            assert_sound(office)
            assert heap in held_bytes(office)
        whole(root, words)
        with opened(root) as office:
            assert_sound(office)
            assert_outbox_whole(office)
            assert heap in held_bytes(office)
            assert (story(office), sets(office)) == (expected, together), number
