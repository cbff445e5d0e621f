"""The week from Monday to Friday, played in order."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from bti_docs.app.demo.friday import friday
from bti_docs.app.demo.midweek import thursday, tuesday, wednesday
from bti_docs.app.demo.monday import monday
from bti_docs.app.demo.place import Stage, new_office
from bti_docs.app.demo.results import (
    Bars,
    DemoResult,
    Tell,
    Teller,
    WeekStopped,
    check,
    no_bars,
)
from bti_docs.app.demo.story import read_story


def run_demo(
    folder: Path, tell: Tell, *, bars: Bars = no_bars, cases: int | None = None
) -> DemoResult:
    """Make a throw-away office in *folder* and live one whole week in it.

    The week stops at the first step that is not as it should be; the step says what and how.

    Args:
        folder: Where the office is made; it must be empty or not there.
        tell: Told of each step when it is done and has been looked at.
        bars: Makes the progress bars inside the longer steps.
        cases: Only the first so many of the story's cases; None: all of them.

    Raises:
        ConfigError: the folder holds something.
    """
    story, teller = read_story(cases), Teller(tell)
    log_page = family_page = folder
    with new_office(folder, story.week.monday) as office, suppress(WeekStopped):
        log_page, family_page = _live(Stage(story, office, teller, bars))
    steps = tuple(teller.steps)
    return DemoResult(all(step.ok for step in steps), folder, log_page, family_page, steps)


def _live(stage: Stage) -> tuple[Path, Path]:
    office = stage.office
    stage.teller.step(
        office.today,
        "demo_office",
        {"municipality": office.profile.municipality.name, "types": len(office.library.types())},
        check("throw_away", expected=True, found=office.settings.demo),
    )
    for day in (monday, tuesday, wednesday, thursday):
        day(stage)
    return friday(stage)
