"""Every state a power cut may leave, not only those a killed process leaves.

The steps of a real act are recorded. Then each prefix of them is taken, and of the names made or
removed since their folder was last made durable, any subset may have survived; bytes that were not
made durable are torn. In every such state the archive must read, and finish the act when repeated.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bti_docs.archive import Archive, verify
from bti_docs.core.events import Act, ChainId
from bti_docs.errors import IntegrityError
from bti_docs.files import Disk

AT = datetime(2026, 11, 23, tzinfo=UTC)
TORN = b"torn"
Acts = Callable[..., Act]
State = dict[Path, bytes]


@dataclass
class Trace:
    """What the operating system was asked for: (operation, path, bytes or second path)."""

    steps: list[tuple[str, Path, bytes | Path | None]] = field(default_factory=list)


class Recorder(Disk):
    def __init__(self, trace: Trace) -> None:
        self.trace = trace

    def write_temporary(self, path: Path, data: bytes) -> None:
        super().write_temporary(path, data)
        self.trace.steps += [("create", path, data), ("sync", path, None)]

    def link(self, temporary: Path, final: Path) -> bool:
        made = super().link(temporary, final)
        self.trace.steps.append(("link", final, temporary))
        return made

    def replace(self, temporary: Path, final: Path) -> None:
        super().replace(temporary, final)
        self.trace.steps.append(("replace", final, temporary))

    def unlink(self, path: Path) -> None:
        super().unlink(path)
        self.trace.steps.append(("unlink", path, None))

    def mkdir(self, path: Path) -> bool:
        made = super().mkdir(path)
        self.trace.steps.append(("mkdir", path, None))
        return made

    def mark(self, path: Path) -> None:
        super().mark(path)
        self.trace.steps.append(("create", path, b""))

    def sync_folder(self, path: Path) -> None:
        super().sync_folder(path)
        self.trace.steps.append(("sync_folder", path, None))


def states(before: State, steps: list[tuple[str, Path, bytes | Path | None]]) -> Iterator[State]:
    """The file trees that a power cut after the last of *steps* may leave."""
    synced = {path for name, path, _ in steps if name == "sync"}
    last = {path: i for i, (name, path, _) in enumerate(steps) if name == "sync_folder"}
    names = [(i, s) for i, s in enumerate(steps) if s[0] not in ("sync", "sync_folder")]
    loose = [i for i, step in names if i > last.get(step[1].parent, -1)]
    for kept in itertools.chain.from_iterable(
        itertools.combinations(loose, size) for size in range(len(loose) + 1)
    ):
        lost = set(loose) - set(kept)
        yield _apply(before, [step for i, step in names if i not in lost], synced, steps)


def _apply(
    before: State,
    kept: list[tuple[str, Path, bytes | Path | None]],
    synced: set[Path],
    steps: list[tuple[str, Path, bytes | Path | None]],
) -> State:
    content = {path: data for name, path, data in steps if name == "create"}
    made = {path for name, path, _ in steps if name == "mkdir"}
    tree, folders = dict(before), set()
    for name, path, what in kept:
        if name == "mkdir":
            folders.add(path)
        elif name == "unlink":
            tree.pop(path, None)
        else:
            source = what if isinstance(what, Path) else path
            data = content[source]
            assert isinstance(data, bytes)
            tree[path] = data if source in synced or not data else TORN
            if name == "replace" and source in tree:
                del tree[source]
    lost = made - folders
    return {
        path: data
        for path, data in tree.items()
        if not lost & {*path.parents} and not path.name.startswith(".tmp-")
    }


def on_disk(state: State, old: Path, new: Path) -> Archive:
    shutil.rmtree(new, ignore_errors=True)
    for name in ("kontor", "saker", "serier", "maler", "til-avklaring", "bunker", "dager"):
        (new / name).mkdir(parents=True)
    for path, data in state.items():
        place = new / path.relative_to(old)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return Archive.open(new, Disk())


def enumerate_cuts(
    archive: Archive, chain: ChainId, acts: list[Act], place: Path, recorder: type[Recorder]
) -> int:
    """Write *acts*, cut the power everywhere, and finish the work in each different state."""
    root, trace, head = archive.root, Trace(), archive.head(chain)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    recording = Archive(root, archive.name, recorder(trace), archive.token)
    recording.append_many([(chain, head, act) for act in acts], AT)
    seen: set[frozenset[tuple[Path, bytes]]] = set()
    for end in range(len(trace.steps) + 1):
        for state in states(before, trace.steps[:end]):
            key = frozenset(state.items())
            if key not in seen:
                seen.add(key)
                finish(on_disk(state, root, place), chain, acts, head.count)
    _last_state_has_everything(before, trace, root / "saker" / chain / "hendelser", archive, chain)
    return len(seen)


def finish(cut: Archive, chain: ChainId, acts: list[Act], start: int) -> None:
    """Nothing that was there is lost, nothing is half, and the rest can be done."""
    (cut.root / "saker" / chain).mkdir(exist_ok=True)
    findings = [f for f in verify(cut).findings if not f.note]
    done = cut.head(chain).count - start
    assert not findings
    assert done >= 0
    for act in acts[done:]:
        cut.append(chain, cut.head(chain), act, AT)
    assert len(cut.history(chain)) == start + len(acts)


def _last_state_has_everything(
    before: State, trace: Trace, events: Path, archive: Archive, chain: ChainId
) -> None:
    """When append has returned, no cut takes its events away."""
    wanted = {events / f"{e.n:06d}.json" for e in archive.events(chain)}
    assert all(wanted <= state.keys() for state in states(before, trace.steps))


def test_every_state_of_a_power_cut_reads_and_can_be_finished(
    archive: Archive, case: ChainId, issued: Acts, tmp_path: Path
) -> None:
    acts = [issued(1, ref="AAAAAAAA")]
    assert enumerate_cuts(archive, case, acts, tmp_path / "cut", Recorder) > 8


class Together(Recorder):
    """Many files and folders at once are made durable in one step."""

    def _written_together(self, new: Iterable[tuple[Path, bytes]]) -> list[tuple[Path, bytes]]:
        rest = super()._written_together(new)
        for path, data in new:
            if (path, data) not in rest:
                self.trace.steps += [("create", path, data), ("sync", path, None)]
        return rest

    def sync_folders(self, paths: Collection[Path]) -> None:
        super().sync_folders(paths)
        self.trace.steps += [("sync_folder", path, None) for path in paths]


def test_every_state_of_a_power_cut_when_much_is_synced_at_once(
    archive: Archive,
    case: ChainId,
    issued: Acts,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bti_docs.files.disk._TOGETHER", 1)
    acts = [issued(1, ref="AAAAAAAA")]
    assert enumerate_cuts(archive, case, acts, tmp_path / "cut", Together) > 4


@pytest.mark.soak
def test_every_state_of_a_power_cut_among_several_acts(
    archive: Archive, case: ChainId, issued: Acts, tmp_path: Path
) -> None:
    acts = [issued(i, ref=f"AAAAAA{i:02}") for i in (1, 2)]
    assert enumerate_cuts(archive, case, [*acts, Act("sent", "u-04")], tmp_path, Recorder) > 20


def test_every_state_of_a_power_cut_in_a_new_case(archive: Archive, tmp_path: Path) -> None:
    acts = [Act("opened", "u-04", payload={"key": "row-1"}), Act("sent", "u-04")]
    chain = archive.new_case(2026)
    assert enumerate_cuts(archive, chain, acts, tmp_path / "cut", Recorder) > 8


class NoFolderSync(Recorder):
    def sync_folder(self, path: Path) -> None:
        pass


class NoFileSync(Recorder):
    def write_temporary(self, path: Path, data: bytes) -> None:
        super().write_temporary(path, data)
        self.trace.steps.pop()


@pytest.mark.parametrize("careless", [NoFolderSync, NoFileSync])
def test_the_enumeration_sees_what_a_careless_disk_loses(
    archive: Archive, case: ChainId, issued: Acts, tmp_path: Path, careless: type[Recorder]
) -> None:
    with pytest.raises((AssertionError, IntegrityError)):
        enumerate_cuts(archive, case, [issued(1, ref="AAAAAAAA")], tmp_path / "cut", careless)
