"""A sweep of the inbox: what is ready, what waits and why, and the loop around it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Self

import pytest

from bti_docs import watch as watching
from bti_docs.app import sweeping
from bti_docs.app.office import Office
from bti_docs.app.sweeping import Sweep, is_ignored, listing, strays, sweep_once, take_in
from bti_docs.app.taking import Taken
from bti_docs.app.tidying import tidy
from bti_docs.core.settle import Stat
from bti_docs.errors import ArchiveError, BtiError, ConfigError, IntegrityError
from bti_docs.simulate import as_pdf
from bti_docs.watch import watch
from tests.flow import offices


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return offices.new_office(tmp_path_factory.mktemp("kontor") / "nytt")


@pytest.fixture
def office(new: Path, tmp_path: Path) -> Iterator[Office]:
    with offices.opened(offices.copy_office(new, tmp_path / "kontor")) as office:
        yield office


@pytest.mark.parametrize(
    "name",
    ["LES-MEG.txt", ".skjult", "~$brev.docx", "a.TMP", "a.pdf.part", "a.crdownload", "Thumbs.db",
     "desktop.ini", ".syncthing.a.pdf.tmp", "@eaDir"],
)  # fmt: skip
def test_what_programs_leave_half_done_is_nobodys(name: str) -> None:
    assert is_ignored(name)


def test_folders_links_and_pipes_are_left_alone_and_told_of(tmp_path: Path) -> None:
    (tmp_path / "skann.pdf").write_bytes(b"1")
    for name in ("mappe", "kvitteringer", "ikke-vart", ".git"):
        (tmp_path / name).mkdir()
    (tmp_path / "lenke.pdf").symlink_to(tmp_path / "skann.pdf")
    expected = {("mappe", "is_folder"), ("lenke.pdf", "is_link")}
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "kø")
        expected |= {("kø", "not_a_file")}
    assert set(listing(tmp_path)) == {"skann.pdf"}
    assert {(one.file, one.reason) for one in strays(tmp_path)} == expected


def test_a_file_that_grows_between_two_looks_waits(office: Office) -> None:
    path = office.settings.inbox / "skann.pdf"
    path.write_bytes(b"%PDF-1.4")

    def grow(_: float) -> None:
        path.write_bytes(b"%PDF-1.4 more")

    sweep = sweep_once(office, pause=grow)
    assert [(w.file, w.reason) for w in sweep.waiting] == [("skann.pdf", "still_growing")]
    assert path.exists()


def test_a_file_dropped_a_moment_ago_is_taken_in(office: Office) -> None:
    (office.settings.inbox / "notat.txt").write_text("hei", encoding="utf-8")
    assert len(sweep_once(office).taken.tray) == 1


def fakes(monkeypatch: pytest.MonkeyPatch, outcome: dict[str, BaseException]) -> list[str]:
    asked: list[str] = []

    def take(_: Office, path: Path) -> Taken:
        asked.append(path.name)
        if path.name in outcome:
            raise outcome[path.name]
        return Taken(duplicates=(path.name,))

    monkeypatch.setattr(sweeping, "take_in_file", take)
    return asked


def lay(office: Office, *names: str) -> dict[str, Stat]:
    for name in names:
        (office.settings.inbox / name).write_text(name, encoding="utf-8")
    return {n: s for n, s in listing(office.settings.inbox).items() if n in names}


def test_an_error_of_one_file_is_its_own(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    there = lay(office, "a.txt", "b.txt", "c.txt")
    asked = fakes(monkeypatch, {"b.txt": ArchiveError("disk_full", reason="ENOSPC")})
    sweep = take_in(office, there, sorted(there))
    assert asked == ["a.txt", "b.txt", "c.txt"]
    assert sweep.taken.duplicates == ("a.txt", "c.txt")
    assert [(w.file, w.reason) for w in sweep.waiting] == [("b.txt", "disk_full")]


def test_a_fault_of_ours_is_raised_when_the_others_are_done(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = lay(office, "a.txt", "b.txt", "c.txt")
    asked = fakes(monkeypatch, {"a.txt": RuntimeError("a bug")})
    with pytest.raises(RuntimeError, match="a bug"):
        take_in(office, there, sorted(there))
    assert asked == ["a.txt", "b.txt", "c.txt"]


def test_a_broken_case_keeps_only_its_own_papers(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = lay(office, "a.txt", "b.txt", "c.txt")
    fakes(monkeypatch, {"b.txt": IntegrityError("link_broken", chain="2026-0001", n=2)})
    sweep = take_in(office, there, sorted(there))
    assert sweep.taken.duplicates == ("a.txt", "c.txt")
    assert [(w.file, w.reason) for w in sweep.waiting] == [("b.txt", "link_broken")]
    assert sweep.broken


@pytest.mark.parametrize(
    "end",
    [IntegrityError("event_missing", chain="kontor"), IntegrityError("x"), KeyboardInterrupt()],
)
def test_a_broken_office_chain_and_a_person_stop_everything(
    office: Office, monkeypatch: pytest.MonkeyPatch, end: BaseException
) -> None:
    there = lay(office, "a.txt", "b.txt", "c.txt")
    asked = fakes(monkeypatch, {"b.txt": end})
    with pytest.raises(type(end)):
        take_in(office, there, sorted(there))
    assert asked == ["a.txt", "b.txt"]


# --- the loop -------------------------------------------------------------------------------


class Watcher:
    """The loop in a thread of its own."""

    def __init__(self, office: Office, quiet: float = 0.0) -> None:
        self.office, self.stop = office, threading.Event()
        self.news: list[Sweep | BtiError] = []
        self.opened = 0
        self.fault: BtiError | None = None
        self._quiet = quiet
        self._thread = threading.Thread(target=self._run)

    def reopened(self) -> Office:
        self.opened += 1
        if self.fault:
            raise self.fault
        office = offices.opened(self.office.settings.root)
        return replace(office, settings=replace(office.settings, quiet_seconds=self._quiet))

    def _run(self) -> None:
        watch(self.reopened, self.news.append, stop=self.stop, every=0.05)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self._thread.join(10)
        assert not self._thread.is_alive()

    def wait_for(self, count: int) -> None:
        end = time.monotonic() + 10
        while len(self.news) < count and time.monotonic() < end:
            time.sleep(0.02)
        assert len(self.news) >= count


def test_the_loop_takes_in_what_comes(office: Office) -> None:
    with Watcher(office) as watcher:
        lay(office, "a.txt")
        watcher.wait_for(1)
    (sweep,) = watcher.news
    assert isinstance(sweep, Sweep)
    assert [item.file for item in sweep.taken.tray] == ["a.txt"]
    assert (office.settings.inbox / "kvitteringer" / "sist-sett.txt").is_file()


def test_a_file_that_waits_does_not_keep_us_busy(office: Office) -> None:
    (office.settings.inbox / "avkortet.pdf").write_bytes(b"%PDF-1.4 uten slutt")
    with Watcher(office) as watcher:
        time.sleep(0.6)
    assert watcher.news == []
    assert watcher.opened <= 4


def test_a_file_that_was_there_first_is_taken_when_it_has_been_still(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_ALIVE_EVERY", 10_000)
    lay(office, "a.txt")
    with Watcher(office, quiet=0.3) as watcher:
        watcher.wait_for(1)
    (sweep,) = watcher.news
    assert isinstance(sweep, Sweep)
    assert [item.file for item in sweep.taken.tray] == ["a.txt"]


def test_what_stands_in_the_way_is_told_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_ALIVE_EVERY", 1)
    fakes(monkeypatch, {"b.txt": ArchiveError("disk_full", reason="ENOSPC")})
    (office.settings.inbox / "mappe").mkdir()
    with Watcher(office) as watcher:
        watcher.wait_for(1)
        lay(office, "b.txt")
        watcher.wait_for(2)
        time.sleep(0.4)
    told = [[(w.file, w.reason) for w in news.waiting] for news in watcher.news]  # type: ignore[union-attr]
    assert told == [[("mappe", "is_folder")], [("b.txt", "disk_full")]]


def test_an_error_is_told_once_and_tried_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_ALIVE_EVERY", 1)
    with Watcher(office) as watcher:
        time.sleep(0.2)
        watcher.fault = ConfigError("toml_unreadable", file="INV.toml", line=3)
        watcher.wait_for(1)
        time.sleep(0.3)
        assert len(watcher.news) == 1
        watcher.fault = None
        lay(office, "a.txt")
        watcher.wait_for(2)
    assert isinstance(watcher.news[0], ConfigError)
    assert isinstance(watcher.news[1], Sweep)


def test_without_notifications_the_folder_is_polled(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left() -> None:
        raise OSError(24, "no more notifications")

    monkeypatch.setattr(watching, "Observer", none_left)
    with Watcher(office) as watcher:
        lay(office, "a.txt")
        watcher.wait_for(1)


# --- what may go ----------------------------------------------------------------------------


def test_what_has_lain_long_enough_goes_with_an_event(office: Office) -> None:
    body = offices.batch([offices.case()], [offices.consent(), offices.invitation()])
    offices.issue_all(office, body)
    sheets = [
        page
        for _, document in offices.papers(office, "SAM")
        for page in offices.scanned(office, document.ref)
    ]

    offices.drop(office, "bunke.pdf", as_pdf(sheets))
    assert not any(vars_of(tidy(office)))
    later = office.on(
        office.today.replace(year=2027), lambda: offices.NOW.replace(year=offices.NOW.year + 1)
    )
    gone = tidy(later)
    assert gone.heaps == 1
    assert gone.copies > 0
    assert not list((office.settings.archive / "bunker").iterdir())
    assert not any(vars_of(tidy(later)))
    offices.assert_sound(office)


def vars_of(gone: object) -> tuple[int, ...]:
    return tuple(getattr(gone, key) for key in ("copies", "heaps", "strangers", "leftovers"))
