"""dev.py: the one script a newcomer starts."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """dev.py, with a virtual environment that is not there."""
    spec = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / "venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / "venv" / "stamp")
    return module


def test_without_a_word_it_says_what_it_can(
    dev: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.main([]) == 2
    assert dev.main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"python3 dev.py {command}" in shown for command in dev.COMMANDS)


def test_a_python_without_venv_is_told_in_one_line(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(dev, "python", lambda: str(dev.VENV / "bin" / "python"))
    assert dev.main(["setup"]) == 2
    said = capsys.readouterr().err.strip()
    assert "apt install python3-venv" in said
    assert "\n" not in said


def test_an_old_python_is_told_what_is_needed(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert dev.main(["demo"]) == 2
    assert "Python 3.11" in capsys.readouterr().out


def test_the_first_failure_ends_it_with_its_code(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "install", lambda: None)
    monkeypatch.setattr(dev, "program", lambda _venv, _name: sys.executable)
    monkeypatch.setattr(dev, "CHECKS", (("one", ("x", "-c", "raise SystemExit(7)")),))
    monkeypatch.setattr(dev, "smoke", lambda _folder: pytest.fail("went on"))
    assert dev.main(["test"]) == 7
    captured = capfd.readouterr()
    assert "── one" in captured.out
    assert "exit code 7" in captured.err


def test_an_interruption_ends_quietly(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(dev, "install", interrupt)
    assert dev.main(["test"]) == 130
    assert capsys.readouterr().err.strip() == "Stopped."


def test_it_installs_again_only_when_what_is_asked_for_has_changed(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(dev, "step_command", ran.append)
    python = Path(dev.program(dev.VENV, "python"))
    python.parent.mkdir(parents=True)
    python.touch()
    monkeypatch.setattr(dev, "python", lambda _venv=None: str(python))
    dev.install()
    dev.install()
    assert len(ran) == 1
    assert "--constraint" in ran[0]
    dev.STAMP.write_text("another", "utf-8")
    dev.install()
    assert len(ran) == 2


def test_nothing_but_the_standard_library_is_imported() -> None:
    code = "import sys; sys.path.insert(0, '.'); import dev; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    roots = {name.partition(".")[0] for name in done.stdout.split()}
    assert roots - set(sys.stdlib_module_names) - {"__main__", "dev"} == set()
