"""What the demo tells while it goes on, and what it came to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a step says, beside what was found when somebody looked."""

    what: str
    """A code: which figure or fact."""
    expected: str
    found: str

    @property
    def ok(self) -> bool:
        """Whether it is as the step says."""
        return self.expected == self.found


@dataclass(frozen=True, slots=True)
class DemoStep:
    """One step of the week, done and looked at."""

    day: date
    code: str
    """The sentence in the message catalogues."""
    counts: Mapping[str, int | str]
    """What the sentence needs."""
    checks: tuple[Check, ...]

    @property
    def failed(self) -> tuple[Check, ...]:
        """What is not as it should be."""
        return tuple(check for check in self.checks if not check.ok)

    @property
    def ok(self) -> bool:
        """Whether everything the step says was found to be so."""
        return not self.failed


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the week came to, and where to look."""

    ok: bool
    """Every step was told of, looked at, and as it should be."""
    office: Path
    log_page: Path
    """A relay log; the office's folder when the week stopped before there was one."""
    family_page: Path
    """The start page of a family's folder, likewise."""
    steps: tuple[DemoStep, ...]


class WeekStopped(Exception):  # noqa: N818  (says what happened)
    """A step was not as it should be; those after it would only stumble over it."""


Tell = Callable[[DemoStep], None]
"""Told of each step when it is done."""

Progress = Callable[[int, int], None]
"""Told (done, of all) inside a step."""

Bars = Callable[[str], AbstractContextManager[Progress]]
"""Makes a progress bar whose label is the sentence of a code."""


def no_bars(_: str) -> AbstractContextManager[Progress]:
    """Shows nothing."""
    return nullcontext(_quiet)


def _quiet(_done: int, _of: int) -> None:
    return None


@dataclass(slots=True)
class Teller:
    """Collects the steps, and tells of each as it ends."""

    tell: Tell
    steps: list[DemoStep] = field(default_factory=list)

    def step(self, day: date, code: str, counts: Mapping[str, int | str], *checks: Check) -> None:
        """Tell of a step that is done.

        Raises:
            WeekStopped: something in it is not as it should be.
        """
        made = DemoStep(day, code, counts, checks)
        self.steps.append(made)
        self.tell(made)
        if not made.ok:
            raise WeekStopped(code)


def check(what: str, expected: object, found: object) -> Check:
    """Compare two values as they are written."""
    return Check(what, str(expected), str(found))
