"""Everything a developer does, in one word each: `python3 dev.py demo`, `python3 dev.py test`.

Needs nothing but Python 3.11 and the network for the first installation. Makes `.venv` beside this
file, installs what pyproject.toml asks for at the versions of constraints.txt, and runs the thing.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed-from.sha256"
INSTALLED_FROM = ("pyproject.toml", "constraints.txt")
OLDEST = (3, 11)
INTERRUPTED = 130

COMMANDS = {
    "demo": "live one week in a throw-away office (further words go to bti-docs demo)",
    "test": "every check, then the built wheel in an empty environment",
    "bench": "the benchmarks, which print their figures",
    "soak": "the long tests: fuzzing, kills, volume (further words go to pytest)",
    "templates": "draw the Word templates anew",
    "docs": "write the pages of docs/ that are made from the program anew",
    "setup": "only make .venv and install",
}
CHECKS = (
    ("format", ("ruff", "format", "--check", ".")),
    ("lint", ("ruff", "check", ".")),
    ("types", ("mypy",)),
    ("imports", ("lint-imports",)),
    ("tests", ("pytest", "-q", "-n", "2", "-m", "not soak")),
)
SMOKE = (
    ("--help",),
    ("init", "kontor"),
    ("-C", "kontor", "doctor"),
    ("-C", "kontor", "workbook", "eksempel.xlsx", "--example"),
    ("-C", "kontor", "issue", "eksempel.xlsx"),
    ("-C", "kontor", "inbox", "--once"),
    ("-C", "kontor", "verify"),
    ("demo", "uke", "--no-browser"),
)


class Failed(Exception):  # noqa: N818  (says what happened)
    """A step ended with another exit code than 0, or cannot be done; args are code and sentence."""


def main(words: list[str]) -> int:
    """Do what *words* say; returns the exit code."""
    if sys.version_info < OLDEST:
        print("bti-docs needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")
        return 2
    if not words or words[0] not in COMMANDS:
        print(usage())
        return 0 if words in (["-h"], ["--help"]) else 2
    try:
        install()
        run(words[0], words[1:])
    except Failed as failed:
        code, sentence = failed.args
        print(f"\n{sentence}", file=sys.stderr)
        return int(code)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return INTERRUPTED
    return 0


def usage() -> str:
    """What can be asked for, a line each."""
    lines = [f"  python3 dev.py {name:<10} {what}" for name, what in COMMANDS.items()]
    return "\n".join(["Usage:", *lines])


def run(command: str, rest: list[str]) -> None:
    """Run one of `COMMANDS`."""
    if command == "demo":
        step_command([python(), "-m", "bti_docs", "demo", *rest])
    elif command == "test":
        test()
    elif command == "bench":
        for script in sorted((ROOT / "benchmarks").glob("[a-z]*.py")):
            step(script.stem, [python(), str(script), *rest])
    elif command == "soak":
        step_command([python(), "-m", "pytest", "-m", "soak", "--timeout", "3600", *rest])
    elif command == "templates":
        step_command([python(), str(ROOT / "templates" / "build" / "build.py"), *rest])
    elif command == "docs":
        step_command([python(), str(ROOT / "docs" / "build" / "make_docs.py"), *rest])


def test() -> None:
    """Every check in the tree, then the wheel somewhere else. Stops at the first that fails."""
    started = time.monotonic()
    for name, (tool, *words) in CHECKS:
        step(name, [program(VENV, tool), *words])
    with tempfile.TemporaryDirectory(prefix="bti-docs-wheel-") as folder:
        smoke(Path(folder))
    print(f"\nAll is well ({time.monotonic() - started:.0f} s).")


def smoke(folder: Path) -> None:
    """Build the wheel, install it alone, and do an office's first day with it outside the tree."""
    build = [python(), "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    step("wheel", [*build, str(ROOT)])
    wheel = next(folder.glob("*.whl"))
    empty = folder / "empty"
    step("empty environment", [sys.executable, "-m", "venv", str(empty)])
    step("install the wheel", pip_install(empty, str(wheel)), cwd=folder)
    for words in SMOKE:
        step(" ".join(["bti-docs", *words]), [program(empty, "bti-docs"), *words], cwd=folder)


def install() -> None:
    """Make `.venv` and install into it, unless that is done for these very files."""
    wanted = fingerprint()
    if STAMP.exists() and Path(python()).exists() and STAMP.read_text("utf-8") == wanted:
        return
    if not Path(python()).exists():
        make_venv()
    print("Installing; the first time takes a minute …", flush=True)
    step_command(pip_install(VENV, "--editable", f"{ROOT}[dev]"))
    STAMP.write_text(wanted, "utf-8")


def make_venv() -> None:
    """Make `.venv`, or say in one line what is missing."""
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        sentence = "Python's venv is missing. On Debian and Ubuntu: sudo apt install python3-venv"
        raise Failed(2, sentence)
    shutil.rmtree(VENV, ignore_errors=True)
    step_command([sys.executable, "-m", "venv", str(VENV)])


def fingerprint() -> str:
    """Changes when the Python or a file that says what to install changes."""
    digest = hashlib.sha256(sys.version.encode())
    for name in INSTALLED_FROM:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def pip_install(venv: Path, *what: str) -> list[str]:
    """The command that installs *what* into *venv* at the pinned versions."""
    pip = [python(venv), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    return [*pip, "--constraint", str(ROOT / "constraints.txt"), *what]


def python(venv: Path = VENV) -> str:
    """The Python of *venv*."""
    return program(venv, "python")


def program(venv: Path, name: str) -> str:
    """The program *name* of *venv*."""
    if os.name == "nt":
        return str(venv / "Scripts" / f"{name}.exe")
    return str(venv / "bin" / name)


def step(name: str, command: list[str], cwd: Path = ROOT) -> None:
    """Run *command* under a heading, and say how long it took."""
    print(f"\n── {name} " + "─" * max(2, 60 - len(name)), flush=True)
    started = time.monotonic()
    step_command(command, cwd)
    print(f"   {time.monotonic() - started:.1f} s", flush=True)


def step_command(command: list[str], cwd: Path = ROOT) -> None:
    """Run *command*; another exit code than 0 ends everything with that code."""
    hidden = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "BTI_DOCS_OFFICE"}
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    code = subprocess.run(
        command, cwd=cwd, env={**environment, "PYTHONUTF8": "1"}, check=False
    ).returncode
    if code:
        shown = " ".join([Path(command[0]).name, *command[1:]])
        raise Failed(code if code > 0 else 1, f"Stopped: exit code {code} from: {shown}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
