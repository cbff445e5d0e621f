"""LibreOffice's pool: shares, what happens when it fails, and that nothing of it is left."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bti_docs.pdf.in_order import in_order
from bti_docs.pdf.libreoffice import Office, _socket_of, _version, _whole
from tests.edges.docx_samples import docx, p

SOFFICE = shutil.which("soffice")
office = pytest.mark.office
needs_soffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
LETTER = docx(p("Testkommunen – innkalling") + p("x ") * 3)


# --- LibreOffice that fails ---------------------------------------------------------------------


@pytest.fixture
def running() -> Iterator[Office]:
    if SOFFICE is None:
        pytest.skip("LibreOffice is not installed")
    with Office(SOFFICE, os.environ, seconds=20) as one:
        assert _converts(one)
        yield one
        folder, socket = one._folder, _socket(one)
    assert not folder.exists()
    assert not socket.exists()


def _converts(one: Office) -> bool:
    (made,) = one.convert([LETTER])
    return isinstance(made, bytes) and made.startswith(b"%PDF")


def _socket(one: Office) -> Path:
    return _socket_of(one._profile)


@office
def test_libreoffice_is_started_once(running: Office) -> None:
    process = running._process
    assert process is not None
    assert _socket(running).exists()
    assert _converts(running)
    assert running._process is process


@office
def test_libreoffice_that_was_killed_or_has_grown_is_started_again(
    running: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = running._process
    assert process is not None
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert _converts(running)
    monkeypatch.setattr("bti_docs.pdf.libreoffice.MAX_RESIDENT", 1 << 20)
    monkeypatch.setattr("bti_docs.pdf.libreoffice.LOOK_EVERY", 1)
    assert _converts(running)
    assert running._process is None


@office
def test_libreoffice_that_hangs_costs_one_document(running: Office) -> None:
    assert running._process is not None
    os.killpg(running._process.pid, signal.SIGSTOP)
    running._seconds = 0.5
    assert running.convert([LETTER]) == ["pdf_engine_crashed"]
    running._seconds = 20
    assert _converts(running)


@office
def test_a_share_that_hangs_or_holds_a_bad_document_is_made_one_by_one(
    running: Office,
) -> None:
    assert running._process is not None
    os.killpg(running._process.pid, signal.SIGSTOP)
    running._seconds = 0.5
    running._wait = _then(running._wait, lambda: setattr(running, "_seconds", 20))  # type: ignore[method-assign]
    made = running.convert([LETTER, b"PK\x03\x04 no docx", LETTER])
    assert [isinstance(one, bytes) for one in made] == [True, False, True]
    assert made[1] == "pdf_engine_refused"
    assert [path.name for path in running._folder.glob("[0-9]*")] == []


def _then(first: Callable[..., bool], second: Callable[[], None]) -> Callable[..., bool]:
    def both(*words: object) -> bool:
        try:
            return first(*words)
        finally:
            second()

    return both


@office
def test_what_was_made_before_a_crash_counts(running: Office) -> None:
    process = running._process
    assert process is not None
    documents = [LETTER] * 12
    first = running._folder / "2.pdf"

    def kill() -> None:
        while not first.exists():
            time.sleep(0.001)
        os.killpg(process.pid, signal.SIGKILL)

    with ThreadPoolExecutor(1) as threads:
        killed = threads.submit(kill)
        made = running.convert(documents)
        killed.result()
    assert all(isinstance(one, bytes) and one.startswith(b"%PDF") for one in made)
    assert running._process is not process


@office
def test_a_new_profile_knows_its_version_and_tries_no_drawing(running: Office) -> None:
    assert re.fullmatch(r"\d+\.\d+", _version(running._program or ""))
    assert not list(running._folder.glob("profile/user/GraphicsRenderTests*"))


def test_a_program_that_is_not_there_is_said_once_for_each_document(tmp_path: Path) -> None:
    with Office(str(tmp_path / "soffice"), os.environ) as none:
        assert none.convert([LETTER, LETTER]) == ["pdf_engine_missing"] * 2
    assert _version(str(tmp_path / "soffice")) == ""


def test_half_a_file_is_no_result(tmp_path: Path) -> None:
    result = tmp_path / "0.pdf"
    assert _whole(result) is None
    result.write_bytes(b"%PDF-1.7 half")
    assert _whole(result) is None
    result.write_bytes(b"%PDF-1.7 whole\n%%EOF\n")
    assert _whole(result) is not None


# --- shares -------------------------------------------------------------------------------------


@given(
    count=st.integers(0, 60),
    workers=st.integers(1, 4),
    most=st.integers(1, 9),
    slow=st.sets(st.integers(0, 60)),
)
def test_everything_comes_once_and_in_order(
    count: int, workers: int, most: int, slow: set[int]
) -> None:
    sizes: list[int] = []
    drawn = given_back = ahead = 0

    def call(share: Sequence[int]) -> list[int]:
        sizes.append(len(share))
        if slow & set(share):
            time.sleep(0.0005)
        return [-one for one in share]

    def items() -> Iterator[int]:
        nonlocal drawn, ahead
        for drawn in range(1, count + 1):
            ahead = max(ahead, drawn - given_back)
            yield drawn

    for given_back, made in enumerate(in_order(call, items(), workers=workers, most=most), start=1):
        assert made == -given_back
    assert given_back == drawn == sum(sizes) == count
    assert max(sizes, default=0) <= most
    assert ahead <= 8 * workers * most


def test_what_fails_in_a_share_is_raised_in_its_place() -> None:
    def call(share: Sequence[int]) -> list[float]:
        return [1 / one for one in share]

    made = in_order(call, [1, 2, 0, 4], workers=1, most=1)
    assert [next(made), next(made)] == [1, 0.5]
    with pytest.raises(ZeroDivisionError):
        next(made)


# --- nothing is left ----------------------------------------------------------------------------


@office
@needs_soffice
@pytest.mark.skipif(sys.platform == "win32", reason="asks ps")
@pytest.mark.timeout(240)
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_nothing_is_left_when_the_program_is_ended(how: signal.Signals, tmp_path: Path) -> None:
    script = (
        "import sys; from bti_docs.pdf import Converter; data = open(sys.argv[1], 'rb').read()\n"
        "with Converter('libreoffice', workers=2, seconds=10) as one:\n"
        "    for made in one.convert_many(data for _ in range(10_000)):\n"
        "        print(len(made), flush=True)\n"
    )
    letter = tmp_path / "letter.docx"
    letter.write_bytes(LETTER)
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", script, str(letter)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as process:
        assert process.stdout is not None
        assert int(process.stdout.readline()) > 0
        process.send_signal(how)
        process.wait(60)  # a share that was caught in the middle has its time
    last = time.monotonic() + 20
    while (_named(tmp_path) or any(tmp_path.glob("bti-docs-*"))) and time.monotonic() < last:
        time.sleep(0.1)
    assert _named(tmp_path) == []
    assert list(tmp_path.glob("bti-docs-*")) == []


def _named(folder: Path) -> list[str]:
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return [line for line in listed.stdout.splitlines() if str(folder) in line]
