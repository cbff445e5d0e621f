"""Others write at the same time, and runs that were stopped in odd places."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bti_docs.app.cases import set_level
from bti_docs.app.office import Office
from bti_docs.app.taking import take_in_file
from bti_docs.app.taking.tray import dismiss
from bti_docs.core.events import ChainId
from bti_docs.files import Disk
from bti_docs.simulate import as_pdf
from tests.flow.offices import (
    NOW,
    DyingDisk,
    Killed,
    assert_sound,
    batch,
    case,
    consent,
    copy_office,
    drop,
    invitation,
    issue_all,
    minutes,
    opened,
    papers,
    scanned,
)

CASE = ChainId("2026-0001")


class Meddler(Disk):
    """Just before our first event is named, somebody else does something."""

    def __init__(self, root: Path, act: object) -> None:
        self.root, self.act, self.done = root, act, False

    def _step(self, name: str, path: Path) -> None:
        if not self.done and name == "write" and path.parent.name == "hendelser":
            if path.parent.parent.name != CASE:
                return
            self.done = True
            with opened(self.root) as other:
                self.act(other)  # type: ignore[operator]


def test_somebody_writes_to_the_case_while_its_letters_are_made(root: Path) -> None:
    with opened(root) as office:
        issue_all(office, batch([case()], []))

    def other(office: Office) -> None:
        set_level(office, office.case(CASE), "3", "Vi ble enige")

    body = batch([case()], [invitation(), consent()])
    with opened(root, disk=Meddler(root, other)) as office:
        result = issue_all(office, body)
        assert len(result.issued) == 6
        found = office.case(CASE)
        assert found.level == "3"
        assert len({d.key for d in found.documents}) == len(found.documents) == 6
        assert_sound(office)


def test_somebody_issues_the_same_rows_at_the_same_time(root: Path) -> None:
    with opened(root) as office:
        issue_all(office, batch([case()], []))
    body = batch([case()], [invitation(), consent()])
    with opened(root, disk=Meddler(root, lambda office: issue_all(office, body))) as office:
        issue_all(office, body)
        found = office.case(CASE)
        assert len({d.key for d in found.documents}) == len(found.documents) == 6
        assert_sound(office)


def test_somebody_writes_to_the_case_while_a_scan_is_taken_in(root: Path) -> None:
    with opened(root) as office:
        issue_all(office, batch([case()], [consent()]))
        ref = papers(office, "SAM")[0][1].ref
        scan = as_pdf(scanned(office, ref))

    def other(office: Office) -> None:
        set_level(office, office.case(CASE), "3", "Vi ble enige")

    with opened(root, disk=Meddler(root, other)) as office:
        (filed,) = drop(office, "a.pdf", scan).filed
        assert filed.ref == ref
        assert_sound(office)


def test_what_another_program_issued_a_moment_ago_is_known(root: Path) -> None:
    with opened(root) as watcher:
        with opened(root) as office:
            issue_all(office, batch([case()], [consent()]))
            scan = as_pdf(scanned(office, papers(office, "SAM")[0][1].ref))
        watcher.index.rebuild()
        assert drop(watcher, "a.pdf", scan).filed


def test_an_item_keeps_its_name_over_midnight(tmp_path: Path, root: Path) -> None:
    with opened(root) as office:
        issue_all(office, batch([case()], [consent()]))
        unsigned = as_pdf(scanned(office, papers(office, "SAM")[0][1].ref, signed=False))
        (office.settings.inbox / "a.pdf").write_bytes(unsigned)
    disk = DyingDisk()
    with opened(copy_office(root, tmp_path / "whole"), disk=disk) as office:
        take_in_file(office, office.settings.inbox / "a.pdf")
    named = disk.names.index("rename_folder") + 2
    with pytest.raises(Killed), opened(root, disk=DyingDisk(named)) as office:
        take_in_file(office, office.settings.inbox / "a.pdf")
    tomorrow = NOW + timedelta(days=1)
    with opened(root, today=tomorrow.date(), clock=lambda: tomorrow) as office:
        take_in_file(office, office.settings.inbox / "a.pdf")
        (item,) = office.archive.tray_items()
        assert item.startswith("2026-11-23")
        kinds = [event.kind for event in office.archive.events(ChainId("kontor"))]
        assert kinds.count("tray_in") == 1


def test_what_was_dismissed_and_comes_again_is_a_new_item(office: Office) -> None:
    issue_all(office, batch([case()], [consent(), minutes()]))
    first, second = scanned(office, papers(office, "SAM")[0][1].ref)
    del second
    (item,) = drop(office, "a.pdf", as_pdf([first])).tray
    dismiss(office, item.item, "Feil bunke")
    again = drop(office, "b.pdf", as_pdf([first]))
    assert again.tray, "a person dropped it again after it had been dismissed"
    assert again.tray[0].item == f"{item.item}-2"
    assert dismiss(office, again.tray[0].item, "Likevel ikke") == f"{item.item}-2.pdf"
    kinds = [event.kind for event in office.archive.events(ChainId("kontor"))]
    assert kinds.count("tray_decided") == 2


def test_names_are_not_in_any_event_or_file_name(office: Office) -> None:
    issue_all(office, batch([case()], [consent(), invitation(), minutes()]))
    for path in office.archive.root.rglob("*"):
        assert path.name.isascii()
        for name in ("Kari", "Pr\u00f8vesen", "Mona", "Eksempelskogen"):
            assert name.encode() not in str(path.relative_to(office.archive.root)).encode()
            if path.parent.name == "hendelser":
                assert name.encode() not in path.read_bytes()
