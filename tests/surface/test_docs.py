"""The documentation says what the program does: nothing is missing, nothing is stale or broken."""

from __future__ import annotations

import ast
import importlib
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest

from bti_docs import errors
from bti_docs.cli.main import bti_docs, run
from bti_docs.core.filing import REASONS
from bti_docs.core.profile import Profile
from bti_docs.messages import codes

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md")])
WRITTEN = [p for p in PAGES if p.name not in {"kommandoer.md", "feilmeldinger.md", "felter.md"}]

CARRIERS = {
    "Problem", "Reason", "Flaw", "Finding", "Refusal", "TemplateProblem",
    *(name for name, kind in vars(errors).items()
      if isinstance(kind, type) and issubclass(kind, errors.BtiError)),
}  # fmt: skip


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script that writes the generated pages."""
    monkeypatch.syspath_prepend(DOCS / "build")
    return importlib.import_module("make_docs")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def all_commands(
    group: click.Group = bti_docs, path: tuple[str, ...] = ("bti-docs",)
) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        yield " ".join((*path, name)), command
        if isinstance(command, click.Group):
            yield from all_commands(command, (*path, name))


def test_the_generated_pages_are_fresh(build: ModuleType) -> None:
    """When this fails: `python3 dev.py docs`, and look at what changed."""
    stale = [name for name, text in build.pages().items() if text_of(DOCS / name) != text]
    assert stale == []


# --- everything is documented ---------------------------------------------------------------


def test_every_command_and_option_is_documented() -> None:
    sections = dict(_sections(text_of(DOCS / "kommandoer.md")))
    shared = sections["Valg som alle kommandoer har"]
    missing = [
        f"{name} {option}"
        for name, command in all_commands()
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
        if option not in sections.get(name, "") + shared and option != "--help"
    ]
    assert missing == []


def _sections(text: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        yield title, body


def test_every_command_has_its_place_in_somebodys_work() -> None:
    """Each is shown in use in a page that a person has written."""
    shown = "\n".join(map(text_of, WRITTEN))
    unused = [
        name
        for name, command in all_commands()
        if not isinstance(command, click.Group) and not re.search(rf"{name}\b", shown)
    ]
    assert unused == []


def test_every_error_and_problem_is_explained() -> None:
    page = text_of(DOCS / "feilmeldinger.md")
    known = set(REASONS) | set(_carried()) & codes("nb")
    assert sorted(code for code in known if f"`{code}`" not in page) == []
    assert re.findall(r"^\| `(\d+)` \|", page, re.MULTILINE) == [
        *map(str, range(9)), "10", "130",
    ]  # fmt: skip


def _carried() -> Iterator[str]:
    """What is given to an error, problem or reason as its code."""
    for path in sorted((ROOT / "bti_docs").rglob("*.py")):
        for node in ast.walk(ast.parse(text_of(path))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0] if node.args else None
            if name in CARRIERS and isinstance(first, ast.Constant):
                yield str(first.value)


def test_every_fragment_of_problems_is_explained_whole() -> None:
    """Also the codes that the program puts together or chooses between."""
    page = text_of(DOCS / "feilmeldinger.md")
    folder = ROOT / "bti_docs" / "messages" / "nb"
    fragments = ("errors", "input", "template_check")
    told = {code for name in fragments for code in tomllib.loads(text_of(folder / f"{name}.toml"))}
    told |= {code for code in codes("nb") if code.startswith(("tpl_", "rb_", "finding_"))}
    hidden = {code for code in told if f"`{code}`" not in page}
    assert sorted(code for code in hidden if not code.startswith("wb_")) == []


def test_every_key_of_the_profile_is_explained() -> None:
    page = text_of(DOCS / "innstillinger.md").partition("## Profilen")[2]
    keys = {field.alias or name for name, field in Profile.model_fields.items()}
    assert sorted(key for key in keys if not re.search(rf"`(\[+)?{key}(\]+)?`", page)) == []


def test_every_word_of_a_manifest_is_explained() -> None:
    page = text_of(DOCS / "maler.md").partition("## Manifestet")[2]
    manifests = [tomllib.loads(text_of(p)) for p in (ROOT / "templates" / "docx").glob("*.toml")]
    used = {key for manifest in manifests for key in _keys(manifest)}
    used -= {"nb", "nn", "en", "field", "title"}
    assert sorted(key for key in used if f"`{key}`" not in page) == []


def _keys(table: object) -> Iterator[str]:
    if isinstance(table, dict):
        yield from table
        for value in table.values():
            yield from _keys(value)
    elif isinstance(table, list):
        for value in table:
            yield from _keys(value)


# --- and what is written holds --------------------------------------------------------------


def console_lines() -> list[tuple[str, str]]:
    """The commands in the pages' console blocks, with the page."""
    return [
        (page.name, line.strip())
        for page in PAGES
        for block in re.findall(r"```console\n(.*?)```", text_of(page), re.DOTALL)
        for line in block.splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]


@pytest.mark.parametrize(("page", "line"), console_lines())
def test_a_shown_command_can_be_given(page: str, line: str) -> None:
    words = shlex.split(line)
    if words[0] in {"python3", "py"}:
        dev = importlib.import_module("dev")
        assert words[1] == "dev.py", page
        assert words[2] in dev.COMMANDS, page
        return
    assert words[0] == "bti-docs", page
    _parse(bti_docs, words[1:], click.Context(bti_docs, info_name="bti-docs"))


def _parse(command: click.Command, words: list[str], parent: click.Context) -> None:
    """Read the words as click does, and run nothing."""
    context = command.make_context(command.name, list(words), parent=parent)
    if isinstance(command, click.Group):
        rest = [*context._protected_args, *context.args]
        if command.invoke_without_command and not rest:
            return
        name, found, rest = command.resolve_command(context, rest)
        assert name is not None, words
        assert found is not None, words
        _parse(found, rest, context)


def test_the_readmes_json_can_be_issued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    blocks = re.findall(r"```json\n(.*?)```", text_of(ROOT / "README.md"), re.DOTALL)
    assert len(blocks) == 1
    batch = tmp_path / "batch.json"
    batch.write_text(blocks[0], encoding="utf-8")
    office = str(tmp_path / "kontor")
    assert run(["init", office]) == 0
    assert run(["-C", office, "issue", str(batch), "--check-only"]) == 0


def test_the_readmes_python_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    for block in re.findall(r"```python\n(.*?)```", text_of(ROOT / "README.md"), re.DOTALL):
        exec(compile(block, "README.md", "exec"), {})  # noqa: S102  (what the reader would run)
    assert "barn.navn" in capsys.readouterr().out


def test_commands_named_in_running_text_are_there() -> None:
    known = {name for name, _ in all_commands()}
    options = {o for _, c in all_commands() for p in c.params for o in p.opts}
    wrong = []
    for page in PAGES:
        for span in re.findall(r"`(bti-docs [^`\n]+)`", text_of(page)):
            words = span.split()
            plain = [word for word in words[1:] if re.fullmatch(r"[a-z-]+", word)]
            first = next((w for w in plain if not w.startswith("-")), "")
            unknown = [w for w in words if w.startswith("--") and w not in {*options, "--help"}]
            if unknown or (first and f"bti-docs {first}" not in known):
                wrong.append((page.name, span))
    assert wrong == []


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    text = re.sub(r"```.*?```", "", text_of(page), flags=re.DOTALL)
    heads = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    plain = (re.sub(r"[`*]|\]\([^)]*\)|\[", "", head).strip().lower() for head in heads)
    return {re.sub(r"[^\w\- ]", "", head).replace(" ", "-") for head in plain}


def test_links_lead_somewhere() -> None:
    broken = []
    for page in PAGES:
        for target in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
            if re.match(r"https?:|mailto:", target):
                continue
            path, _, anchor = target.partition("#")
            file = (page.parent / path).resolve() if path else page
            if not file.exists() or (anchor and anchor not in anchors(file)):
                broken.append((page.name, target))
    assert broken == []


def test_pictures_are_small_and_told_in_words() -> None:
    for page in PAGES:
        for told, target in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text_of(page)):
            assert len(told) > 20, (page.name, target)
            assert (page.parent / target).stat().st_size <= 200_000, target


def test_no_page_knows_the_machine_it_was_written_on() -> None:
    paths = re.compile(r"(?<![\w.:*/])/(?:home|root|tmp|mnt|opt|work|Users)/")
    assert [page.name for page in PAGES if paths.search(text_of(page))] == []


def test_each_table_has_as_many_cells_in_every_row() -> None:
    uneven = []
    for page in PAGES:
        for table in re.findall(r"(?:^\|.*\|$\n?)+", text_of(page), flags=re.MULTILINE):
            widths = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
            if len(widths) > 1:
                uneven.append((page.name, table[:60]))
    assert uneven == []
