"""The printed reference, for pages whose codes cannot be read: a guess, never more."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bti_docs.core.references import ArchiveName, PageCode, Reference
from bti_docs.inbox import Printed, can_read_print, read_print
from bti_docs.inbox.ocr import printed_in
from bti_docs.simulate import draw_form, printed_pages

REF = Reference("7K3MQ2XP")
PAGE = printed_pages(draw_form([PageCode(ArchiveName("K7QM"), REF, 2, 3)]), 200)[0]


@pytest.mark.parametrize(
    ("text", "first", "page", "pages"),
    [
        ("7K3M-Q2XP · BTI-nummer 2026-0147 · SAM 1.0   Side 2 av 3", "7K3MQ2XP", 2, 3),
        ("Vår referanse: 7k3m - q2xp\nside 1 av 1", "7K3MQ2XP", 1, 1),
        ("7K3M–Q2XP side 3 av 2", "7K3MQ2XP", None, None),
        ("O1IL-Q2XP", "0111Q2XP", None, None),
        ("Page 1 of 2 7K3M-Q2XP", "7K3MQ2XP", 1, 2),
    ],
)
def test_what_print_says(text: str, first: str, page: int | None, pages: int | None) -> None:
    printed = printed_in(text)
    assert printed is not None
    assert (printed.references[0], printed.page, printed.pages) == (first, page, pages)


def test_lookalikes_are_among_the_guesses() -> None:
    printed = printed_in("7K3M-QZXP")
    assert printed is not None
    assert REF in printed.references
    assert len(set(printed.references)) == len(printed.references)


@given(st.text(max_size=200))
def test_any_text_is_read_or_not(text: str) -> None:
    printed = printed_in(text)
    assert printed is None or printed.references


@pytest.mark.skipif(not can_read_print(), reason="tesseract is not installed")
@pytest.mark.parametrize("turns", [0, 1, 2])
def test_a_page_without_codes_is_read_any_way_up(turns: int) -> None:
    printed = read_print(np.rot90(PAGE, turns))
    assert printed is not None
    assert REF in printed.references
    assert (printed.page, printed.pages) == (2, 3)


def test_without_tesseract_there_is_no_guess(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not can_read_print()
    assert read_print(PAGE) is None


@pytest.mark.parametrize("script", ["exit 1", "sleep 60", "head -c 9 >/dev/null; printf '\\377'"])
def test_a_tesseract_that_fails_or_hangs_gives_no_guess(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str
) -> None:
    program = tmp_path / "tesseract"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert read_print(PAGE, seconds=0.3) is None


def test_what_is_printed_is_a_value() -> None:
    assert printed_in("nothing here") is None
    assert Printed((REF,)) == Printed((REF,), None, None)
