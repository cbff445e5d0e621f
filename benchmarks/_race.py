"""Engines in processes of their own, taking turns: what a document costs each, in one run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from _letter import SYNTAXES, letter

PLACE = "BTI_BENCH_PEERS"
"""The environment variable that names the folder with the peers: `venv/` and `node_modules/`."""
PEERS = Path(__file__).resolve().parent / "peers"
ROOT = PEERS.parent.parent


@dataclass(frozen=True, slots=True)
class Engine:
    """One who races."""

    name: str
    words: tuple[str, ...]
    """Its runner, and what the runner is told after template and records."""
    syntax: str = "jinja"
    ours: bool = False
    foreign: bool = False
    """Its Python packages lie in an environment of their own."""


DOCXTPL = Engine("docxtpl", ("docxtpl_new.py",))
OURS = (
    Engine("ours, zlib", ("ours.py", "zlib"), ours=True),
    Engine("ours, isal", ("ours.py", "isal"), ours=True),
    Engine("ours, blocks packed beforehand", ("ours.py", "blocks"), ours=True),
)
OTHERS = (
    Engine("rust-docxtpl", ("rust_docxtpl.py",), foreign=True),
    Engine("docx-mailmerge2 (no conditions)", ("mailmerge2.py",), "mergefield", foreign=True),
    Engine("docxtemplater", ("node.cjs", "docxtemplater"), "braces"),
    Engine("easy-template-x", ("node.cjs", "easy-template-x"), "braces"),
    Engine("carbone", ("node.cjs", "carbone"), "carbone"),
)


@dataclass(slots=True)
class Runner:
    """An engine's process, and its turns so far."""

    engine: Engine
    process: subprocess.Popen[str]
    version: str = ""
    turn: int = 1
    """Documents a turn."""
    costs: list[float] = field(default_factory=list)
    """CPU seconds a document, a turn each."""
    size: float = 0.0
    """Bytes a document."""

    @property
    def best(self) -> float:
        """CPU seconds a document in the best turn."""
        return min(self.costs)

    def go(self, count: int, keep: Path | None = None) -> float:
        """Let it make so many documents; CPU seconds a document."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(count, keep or "", file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline().split()
        assert len(answer) == 2, f"{self.engine.name} stopped"
        self.size = float(answer[1]) / count
        return float(answer[0]) / count

    def warm_up(self, seconds: float, most: int) -> None:
        """Run until it is warm, and find how many documents make a turn of so many seconds."""
        spent, count = 0.0, 9
        while spent < seconds:
            cost = self.go(count)
            spent += cost * count
            count = max(9, min(most, int(seconds / 3 / max(cost, 1e-6))))
        self.turn = max(9, min(most, int(seconds / max(cost, 1e-6))) // 9 * 9)


@contextmanager
def runners(
    engines: Sequence[Engine], records: Sequence[object], folder: Path
) -> Iterator[tuple[list[Runner], list[Engine]]]:
    """The engines that are installed, started; and those that are missing."""
    data = folder / "records.json"
    data.write_text(json.dumps(records), encoding="utf-8")
    with ExitStack() as stack:
        found: list[Runner] = []
        missing: list[Engine] = []
        for engine in engines:
            template = folder / f"{engine.syntax}.docx"
            if not template.exists():
                template.write_bytes(letter(SYNTAXES[engine.syntax]))
            runner = _started(engine, template, data, stack)
            missing += [] if runner else [engine]
            found += [runner] if runner else []
        yield found, missing


def _started(engine: Engine, template: Path, data: Path, stack: ExitStack) -> Runner | None:
    script, *told = engine.words
    program = _program(engine)
    if program is None:
        return None
    words = [program, str(PEERS / script), str(template), str(data), *told]
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    process = stack.enter_context(
        subprocess.Popen(  # noqa: S603  (our own runners)
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
    )
    assert process.stdout is not None
    stack.callback(process.kill)
    said = process.stdout.readline().split()
    if said[:1] != ["ready"]:
        return None
    return Runner(engine, process, said[1])


def _program(engine: Engine) -> str | None:
    ours = engine.words[0].endswith(".py") and not engine.foreign
    if ours:
        return sys.executable
    place = os.environ.get(PLACE)
    if place is None:
        return None
    if not engine.foreign:
        return shutil.which("node")
    folder = Path(place) / "venv"
    return shutil.which("python", path=f"{folder / 'bin'}{os.pathsep}{folder / 'Scripts'}")


def race(found: Sequence[Runner], rounds: int, seconds: float, most: int) -> None:
    """Let all take turns, round after round, so that a busy minute is bad luck for all."""
    for runner in found:
        runner.warm_up(seconds, most)
    for _ in range(rounds):
        for runner in found:
            runner.costs.append(runner.go(runner.turn))
