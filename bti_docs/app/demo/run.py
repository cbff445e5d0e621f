"""The week from Monday to Friday, played in order."""

from __future__ import annotations

from pathlib import Path

from bti_docs.app.demo.friday import friday
from bti_docs.app.demo.midweek import thursday, tuesday, wednesday
from bti_docs.app.demo.monday import monday
from bti_docs.app.demo.place import Stage, new_office
from bti_docs.app.demo.results import Bars, DemoResult, Tell, Teller, check, no_bars
from bti_docs.app.demo.story import read_story


def run_demo(
    folder: Path, tell: Tell, *, bars: Bars = no_bars, cases: int | None = None
) -> DemoResult:
    """Make a throw-away office in *folder* and live one whole week in it.

    Args:
        folder: Where the office is made; it must be empty or not there.
        tell: Told of each step when it is done and has been looked at.
        bars: Makes the progress bars inside the longer steps.
        cases: Only the first so many of the story's cases; None: all of them.

    Raises:
        ConfigError: the folder holds something.
    """
    story = read_story(cases)
    teller = Teller(tell)
    with new_office(folder, story.week.monday) as office:
        stage = Stage(story, office, teller, bars)
        types = office.library.types()
        teller.step(
            office.today,
            "demo_office",
            {"municipality": office.profile.municipality.name, "types": len(types)},
            check("demo_office", expected=True, found=office.settings.demo),
        )
        for day in (monday, tuesday, wednesday, thursday):
            day(stage)
        log_page, family_page = friday(stage)
    steps = tuple(teller.steps)
    return DemoResult(all(s.ok for s in steps), folder, log_page, family_page, steps)
