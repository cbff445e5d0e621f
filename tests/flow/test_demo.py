"""The demo is a promise: its week goes through, and a step that does not hold is told of."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from bti_docs.app.demo import DemoResult, DemoStep, run, run_demo
from bti_docs.app.demo.results import check
from bti_docs.app.demo.story import Story, on_day, read_story
from bti_docs.errors import ConfigError
from bti_docs.messages import LANGUAGES, text

DAYS = ["mon", "tue", "wed", "thu", "fri"]
SHORT = 3


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> tuple[DemoResult, list[DemoStep]]:
    told: list[DemoStep] = []
    folder = tmp_path_factory.mktemp("demo") / "kontor"
    return run_demo(folder, told.append, cases=SHORT), told


def failures(steps: list[DemoStep]) -> dict[str, list[str]]:
    return {
        step.code: [f"{c.what}: {c.found}" for c in step.failed] for step in steps if step.failed
    }


def test_a_short_week_goes_through(week: tuple[DemoResult, list[DemoStep]]) -> None:
    result, told = week
    assert failures(told) == {}
    assert result.ok
    assert list(result.steps) == told
    assert [f"{day:%a}".lower() for day in dict.fromkeys(step.day for step in told)] == DAYS
    assert all(step.checks for step in told)


def test_the_pages_to_look_at_are_there(week: tuple[DemoResult, list[DemoStep]]) -> None:
    result, _ = week
    assert "Stafettlogg" in result.log_page.read_text("utf-8")
    assert "Familiens mappe" in result.family_page.read_text("utf-8")


def test_everything_lies_in_the_folder_that_can_be_thrown_away(
    week: tuple[DemoResult, list[DemoStep]],
) -> None:
    result, _ = week
    assert list((result.office / "indeks").glob("*.sqlite"))
    assert "demo = true" in (result.office / "config.toml").read_text("utf-8")
    assert result.log_page.is_relative_to(result.office)
    assert result.family_page.is_relative_to(result.office)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_has_its_sentence(
    week: tuple[DemoResult, list[DemoStep]], language: str
) -> None:
    _, told = week
    for step in told:
        assert "{" not in text(step.code, language, **step.counts)


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notat.txt").write_text("mitt")
    with pytest.raises(ConfigError, match="folder_not_empty"):
        run_demo(tmp_path, lambda _: None)
    assert [path.name for path in tmp_path.iterdir()] == ["notat.txt"]


def test_a_step_that_is_not_as_it_says_stops_the_week(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def misled(cases: int | None) -> Story:
        story = read_story(cases)
        first = story.cases[0].model_copy(update={"makes": {"INV": 99}})
        return replace(story, cases=(first,))

    monkeypatch.setattr(run, "read_story", misled)
    told: list[DemoStep] = []
    result = run_demo(tmp_path / "kontor", told.append, cases=1)
    assert not result.ok
    assert told[-1].code == "demo_issued"
    assert [c.what for c in told[-1].failed] == ["documents"]
    assert result.log_page == result.office


def test_a_check_compares_what_is_written() -> None:
    assert check("count", 3, 3).ok
    assert not check("count", 3, 4).ok


def test_the_story_leaves_nobody_out() -> None:
    """Every act of the week is about a case of the story, in a file or document it knows."""
    story = read_story()
    known = {case.id for case in story.cases}
    week = story.week
    acts = (*week.scans, *week.readings, *week.finished, *week.decided, *week.settled,
            *week.levels, *week.hand_overs, *week.closings)  # fmt: skip
    assert {act.case for act in acts if act.case} <= known
    assert {fault.case for fault in week.faults} <= known
    assert week.family.case in known
    assert sum(story.made.values()) == 60
    assert len(story.cases) == 12
    assert on_day(week.scans, "tirsdag")


@pytest.mark.soak
def test_the_whole_week_goes_through_in_time(tmp_path: Path) -> None:
    told: list[DemoStep] = []
    start = time.monotonic()
    result = run_demo(tmp_path / "kontor", told.append)
    assert failures(told) == {}
    assert result.ok
    assert time.monotonic() - start < 90
