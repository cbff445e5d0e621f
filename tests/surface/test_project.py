"""What holds for the tree as a whole: budgets, one direction, nothing that should not be there."""

from __future__ import annotations

import ast
import re
import stat
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = [
    *sorted((ROOT / "bti_docs").rglob("*.py")),
    *sorted((ROOT / "templates" / "build").rglob("*.py")),
    *sorted((ROOT / "benchmarks").rglob("*.py")),
    ROOT / "dev.py",
]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

LONGEST_FILE, LONGEST_FUNCTION, SHORT_FUNCTION, SHORT_SHARE = 300, 40, 20, 0.9
WRITERS = {
    "write_bytes", "write_text", "mkdir", "makedirs", "rename", "unlink", "rmdir", "rmtree",
    "symlink_to", "hardlink_to", "touch", "fsync", "copyfile", "copytree",
}  # fmt: skip
MAY_WRITE = {
    "files/": "the one writing room",
    "index/": "the index is a cache outside the archive, made by SQLite",
    "pdf/": "a converter's process has its own temporary folder",
    "app/demo": "the throw-away office's scanner is not part of the office",
}
CLOCKS = {"now", "today", "utcnow", "time", "monotonic", "open", "read_bytes", "read_text"}


def tracked() -> list[Path]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if found.returncode:
        pytest.skip("not a git checkout")
    paths = (ROOT / name for name in found.stdout.decode().split("\0") if name)
    return [path for path in paths if path.is_file()]


def texts(path: Path) -> Iterator[str]:
    """A file's text; of a Word file or workbook the text of its parts."""
    if path.suffix in {".docx", ".xlsx"} and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as parts:
            for name in parts.namelist():
                yield parts.read(name).decode("utf-8", "replace")
        return
    data = path.read_bytes()
    if b"\0" not in data[:4096]:
        yield data.decode("utf-8", "replace")


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", length


def test_files_and_functions_keep_their_budgets() -> None:
    lengths = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in CODE}
    assert {str(p.relative_to(ROOT)): n for p, n in lengths.items() if n > LONGEST_FILE} == {}
    every = [found for path in CODE for found in functions(path)]
    assert [found for found in every if found[1] > LONGEST_FUNCTION] == []
    short = sum(length <= SHORT_FUNCTION for _, length in every)
    assert short / len(every) >= SHORT_SHARE


def calls(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            owner = getattr(node.func, "value", None)
            if getattr(owner, "id", getattr(owner, "attr", "")) != "disk":  # the room's own hand
                yield getattr(node.func, "attr", getattr(node.func, "id", "")), node.lineno


def test_only_the_writing_room_writes() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in sorted((ROOT / "bti_docs").rglob("*.py"))
        if not path.relative_to(ROOT / "bti_docs").as_posix().startswith(tuple(MAY_WRITE))
        for name, line in calls(path)
        if name in WRITERS
    ]
    assert found == []


def test_the_core_asks_neither_clock_nor_disk() -> None:
    found = [
        f"{path.name}:{line} {name}"
        for path in sorted((ROOT / "bti_docs" / "core").rglob("*.py"))
        for name, line in calls(path)
        if name in CLOCKS
    ]
    assert found == []


def test_nothing_is_caught_wholesale() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"})
        and not _passes_on(node)
    ]
    assert found == []


def _passes_on(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_no_file_names_a_package_registry() -> None:
    hosts = re.compile(
        "|".join(["py" + r"pi\.org", r"python" + "hosted", r"npm" + r"js\.(com|org)"])
    )
    assert [p.name for p in tracked() if any(hosts.search(text) for text in texts(p))] == []


def test_no_personal_number_is_in_the_tree() -> None:
    digits = re.compile(r"(?<![0-9A-Za-z.])\d{6} ?\d{5}(?![0-9A-Za-z])")
    found = [
        path.relative_to(ROOT).as_posix()
        for path in tracked()
        for text in texts(path)
        for match in digits.finditer(text)
        if could_be_somebody(match[0].replace(" ", ""))
    ]
    assert found == []


def could_be_somebody(number: str) -> bool:
    """Whether *number* can be a living person's: both checks hold, and the month is not synthetic.

    The first check may leave 0 to 3 from 2032 on (Skatteetaten's reference code).
    """
    day, month = int(number[:2]), int(number[2:4])
    if not _is_day(day % 40, month if month < 40 else month - 40):
        return False
    n = [int(digit) for digit in number]
    first = sum(a * b for a, b in zip((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), n, strict=False)) % 11
    second = sum(a * b for a, b in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), n, strict=True)) % 11
    return first in {0, 1, 2, 3} and second == 0


def _is_day(day: int, month: int) -> bool:
    try:
        date(2000, month, day)
    except ValueError:
        return False
    return True


def test_the_grep_for_personal_numbers_sees_one() -> None:
    made = next(
        number for tail in range(100_000) if could_be_somebody(number := f"010100{tail:05}")
    )
    assert not could_be_somebody(made[:2] + "81" + made[4:])
    assert not could_be_somebody(made[:-1] + str((int(made[-1]) + 1) % 10))


def test_the_licence_is_apaches() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert PYPROJECT["project"]["license"] == "Apache-2.0"


def test_what_the_wheel_carries_is_there_and_is_all() -> None:
    wheel = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert [source for source in wheel if not (ROOT / source).exists()] == []
    assert all(target == f"bti_docs/shipped/{source}" for source, target in wheel.items())
    profiles = {f"templates/{path.name}" for path in (ROOT / "templates").glob("*.toml")}
    assert profiles <= set(wheel)


def test_what_is_installed_is_pinned() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.+!-]+", line) for line in lines)
    pinned = {re.sub(r"[-_.]+", "-", line.partition("==")[0]).lower() for line in lines}
    project = PYPROJECT["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", line)[0]).lower() for line in asked}  # type: ignore[index]
    assert names - pinned == set()


def test_every_room_has_its_floor() -> None:
    contract = PYPROJECT["tool"]["importlinter"]["contracts"][0]
    placed = {room.strip() for layer in contract["layers"] for room in layer.split("|")}
    package = ROOT / "bti_docs"
    rooms = {p.stem for p in package.glob("*.py")} | {p.parent.name for p in package.glob("*/*.py")}
    assert rooms - placed == {"__init__", "__main__"} & rooms
    assert contract["exhaustive"] is True


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no executable bit")
def test_the_build_machines_script_can_run() -> None:
    assert (ROOT / ".ci" / "run").stat().st_mode & stat.S_IXUSR
