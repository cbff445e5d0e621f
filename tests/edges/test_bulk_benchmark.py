"""The race against docxtpl, a short slice of it: what is raced is right, and far ahead."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "merging.py"
AHEAD = 50
"""Far below the benchmark's goal: a test runs beside others, and says only when something broke."""


def test_a_short_race() -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--short"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    ours = re.search(r"^ours, zlib +[\d.]+ +([\d.]+)", done.stdout, re.MULTILINE)
    assert ours is not None, done.stdout
    assert float(ours[1]) > AHEAD, done.stdout
    checked = re.findall(
        r"^(canon|same bytes|python-docx).* (\d+) +(\d+)$", done.stdout, re.MULTILINE
    )
    assert len(checked) == 3
    assert all(count == right for _, count, right in checked), done.stdout
