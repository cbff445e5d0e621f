"""Killed between any two steps of `issue`: the same call again makes what is missing, once."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from bti_docs.app.office import Office
from tests.flow.offices import (
    Body,
    DyingDisk,
    Killed,
    assert_outbox_whole,
    assert_sound,
    batch,
    case,
    consent,
    copy_office,
    invitation,
    issue_all,
    minutes,
    opened,
    sets,
    story,
)

BATCH = batch(
    [case(), case("s2", [], {"fornavn": "Ola", "foedselsdato": "2005-01-02"})],
    [consent(), minutes("ref", "s2")],
)
CHANGED = batch([case()], [consent(), invitation(day="2026-12-18")])


@pytest.fixture(autouse=True)
def small_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two letters of one row fall in two rounds."""
    monkeypatch.setattr(import_module("bti_docs.app.issuing.issue"), "ROUND", 1)


def steps_of(root: Path, act: Callable[[Office], object]) -> int:
    disk = DyingDisk()
    with opened(root, disk=disk) as office:
        act(office)
    return disk.steps


def sample(steps: int, wanted: int) -> list[int]:
    """About *wanted* of the steps, the first and the last few among them."""
    every = max(1, steps // wanted)
    return sorted({*range(0, steps, every), steps - 3, steps - 2, steps - 1})


def die_and_go_on(root: Path, step: int, act: Callable[[Office], object]) -> Office:
    """Kill *act* at *step*, look at what is there, and do it again as another process."""
    with pytest.raises(Killed), opened(root, disk=DyingDisk(step)) as office:
        act(office)
    with opened(root) as office:
        assert_sound(office)
    office = opened(root)
    act(office)
    return office


def check_all(base: Path, tmp_path: Path, act: Callable[[Office], object], wanted: int) -> None:
    whole = copy_office(base, tmp_path / "whole")
    steps = steps_of(whole, act)
    with opened(whole) as office:
        expected, together = story(office), sets(office)
        assert_outbox_whole(office)
    for step in sample(steps, wanted):
        root = copy_office(base, tmp_path / str(step))
        with die_and_go_on(root, step, act) as office:
            assert story(office) == expected, step
            assert sets(office) == together, step
            assert_sound(office)
            assert_outbox_whole(office)
            act(office)
            assert story(office) == expected, f"again after {step}"


def test_a_batch_of_two_cases(office_folder: Path, tmp_path: Path) -> None:
    check_all(office_folder, tmp_path, lambda office: issue_all(office, BATCH), 16)


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_a_batch_of_two_cases_at_every_step(office_folder: Path, tmp_path: Path) -> None:
    check_all(office_folder, tmp_path, lambda office: issue_all(office, BATCH), 10_000)


def replace_it(office: Office) -> object:
    return issue_all(office, CHANGED, replace_changed=True)


@pytest.fixture(scope="module")
def with_letters(office_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_office(office_folder, tmp_path_factory.mktemp("letters") / "kontor")
    with opened(root) as office:
        assert issue_all(office, batch([case()], [consent(), invitation()])).issued
    return root


def test_a_changed_row(with_letters: Path, tmp_path: Path) -> None:
    check_all(with_letters, tmp_path, replace_it, 8)


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_a_changed_row_at_every_step(with_letters: Path, tmp_path: Path) -> None:
    check_all(with_letters, tmp_path, replace_it, 10_000)


def test_the_batch_goes_on_and_its_heap_holds_all_of_it(root: Path) -> None:
    body: Body = BATCH
    with pytest.raises(Killed), opened(root, disk=DyingDisk(70)) as office:
        issue_all(office, body)
    with opened(root) as office:
        before = [d.batch for chain in office.archive.chains() for d in office.case(chain).documents]
        result = issue_all(office, body)
        assert before
        assert set(before) == {result.batch}
        assert len(result.issued) + len(before) == 3
        later = issue_all(office, batch([], [minutes("more", result.issued[0].case_id)]))
        assert later.batch != result.batch


