"""Killed between any two steps of `issue`: the same call again makes what is missing, once."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from bti_docs.app.office import Office
from tests.flow.kills import Act, kill, sample, steps_of
from tests.flow.offices import (
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
    monkeypatch.setattr(import_module("bti_docs.app.issuing.run"), "ROUND", 1)


def check_all(base: Path, tmp_path: Path, act: Act, wanted: int) -> None:
    whole = copy_office(base, tmp_path / "whole")
    steps = steps_of(whole, act)
    with opened(whole) as office:
        expected, together = story(office), sets(office)
        assert_outbox_whole(office)
    for step in sample(steps, wanted):
        root = copy_office(base, tmp_path / str(step))
        kill(root, step, act)
        with opened(root) as office:
            act(office)
            assert story(office) == expected, step
            assert sets(office) == together, step
            assert_sound(office)
            assert_outbox_whole(office)
            act(office)
            assert story(office) == expected, f"again after {step}"


def issue_batch(office: Office) -> object:
    return issue_all(office, BATCH)


def test_a_batch_of_two_cases(office_folder: Path, tmp_path: Path) -> None:
    check_all(office_folder, tmp_path, issue_batch, 16)


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_a_batch_of_two_cases_at_every_step(office_folder: Path, tmp_path: Path) -> None:
    check_all(office_folder, tmp_path, issue_batch, 10_000)


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


def test_the_batch_goes_on_and_its_heap_holds_all_of_it(
    office_folder: Path, root: Path, tmp_path: Path
) -> None:
    steps = steps_of(copy_office(office_folder, tmp_path / "whole"), issue_batch)
    with pytest.raises(Killed), opened(root, disk=DyingDisk(steps * 6 // 10)) as office:
        issue_batch(office)
    with opened(root) as office:
        made = [d.batch for chain in office.archive.chains() for d in office.case(chain).documents]
        result = issue_all(office, BATCH)
        assert made
        assert set(made) == {result.batch}
        assert len(result.issued) + len(made) == 3
        later = issue_all(office, batch([], [minutes("more", result.issued[0].case_id)]))
        assert later.batch != result.batch
