"""What every Python runner does: take turns, and say what they cost.

A runner is started with a template and a file of records, says `ready VERSION` (or `missing`), and
then answers each number on its standard input: it makes so many documents, from the first record
on, and prints the processor seconds and the bytes they took.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Render = Callable[[dict[str, Any]], bytes]


def missing() -> None:
    """Say that the peer is not installed, and end."""
    print("missing", flush=True)
    raise SystemExit(0)


def take_turns(version: str, render: Render) -> None:
    """Answer until nobody asks any more."""
    records = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    print(f"ready {version}", flush=True)
    for line in sys.stdin:
        count, *kept = line.split()
        size, started = 0, time.process_time()
        for number in range(int(count)):
            document = render(records[number % len(records)])
            size += len(document)
        spent = time.process_time() - started
        for path in kept:  # the last document, for whoever wants to look
            Path(path).write_bytes(document)
        print(f"{spent} {size}", flush=True)
