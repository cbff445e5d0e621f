"""Kill an act between two of its steps, and do it again as the next process would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bti_docs.app.office import Office
from tests.flow.offices import DyingDisk, Killed, assert_sound, opened

Act = Callable[[Office], object]


def steps_of(root: Path, act: Act) -> int:
    """How many steps on disk *act* has; it is done in *root*."""
    disk = DyingDisk()
    with opened(root, disk=disk) as office:
        act(office)
    return len(disk.names)


def sample(steps: int, wanted: int) -> list[int]:
    """About *wanted* of the steps, the first and the last few among them."""
    every = max(1, steps // wanted)
    return sorted({*range(0, steps, every), steps - 3, steps - 2, steps - 1})


def kill(root: Path, step: int, act: Act) -> None:
    """Kill *act* at *step*; what it leaves verifies."""
    with pytest.raises(Killed), opened(root, disk=DyingDisk(step)) as office:
        act(office)
    with opened(root) as office:
        assert_sound(office)
