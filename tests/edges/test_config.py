"""config.toml to settings, and where the office is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from bti_docs.config import ConfigFile, find_office, read_settings
from bti_docs.core.profile import Profile
from bti_docs.errors import ConfigError
from bti_docs.messages import text

ROOT = Path(__file__).resolve().parents[2]


def office(folder: Path, config: str = "[mapper]\n") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(config, encoding="utf-8")
    return folder


def refused(folder: Path, config: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        read_settings(office(folder, config))
    assert text(caught.value.code, "nb", **caught.value.params)
    return caught.value


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    found = read_settings(office(tmp_path, ""))
    assert found.inbox == tmp_path / "inbox"
    assert found.templates == tmp_path / "templates" / "docx"
    assert found.profile == tmp_path / "templates" / "profil.toml"
    assert (found.pdf_engine, found.soffice, found.workers) == ("dxpdf", None, 2)
    assert (found.quiet_seconds, found.heap_days, found.outbox_days) == (10.0, 30, 30)
    assert (found.checkpoint_to, found.index_folder, found.demo) == (None, None, False)


def test_the_shipped_file_says_the_defaults(tmp_path: Path) -> None:
    shipped = (ROOT / "config.toml").read_text(encoding="utf-8")
    assert read_settings(office(tmp_path, shipped)) == read_settings(office(tmp_path, ""))


def test_paths_count_from_the_office_and_may_be_absolute(tmp_path: Path) -> None:
    elsewhere = tmp_path / "annet"
    config = f"[mapper]\narchive = '{elsewhere}'\n[sikring]\nkontrollpunkt = '../vakt'\n"
    found = read_settings(office(tmp_path / "kontor", config))
    assert found.archive == elsewhere
    assert found.checkpoint_to == tmp_path / "kontor" / ".." / "vakt"


def test_notepads_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b"\xef\xbb\xbf" + b'spraak = "nn"\r\n')
    assert read_settings(tmp_path).language == "nn"


@pytest.mark.parametrize(
    ("config", "code", "params"),
    [
        ("[pdf]\nmoter = 'dxpdf'", "toml_unknown_key", {"key": "pdf.moter", "nearest": "motor"}),
        ("[qqqqqq]", "toml_strange_key", {"key": "qqqqqq"}),
        ("[pdf]\nmotor = 'word'", "toml_not_a_choice", {"choices": "dxpdf, libreoffice"}),
        ("[rydding]\nbunke_dager = 'ti'", "toml_bad_value", {"value": "ti"}),
        ("spraak = nb", "toml_unreadable", {"line": 1}),
        ('[mapper]\narchive = "D:\\bti"', "config_bad_path", {"key": "mapper.archive"}),
        ('[mapper]\ninbox = ""', "config_bad_path", {"key": "mapper.inbox"}),
        ("[mapper]\ninbox = 'archive/inn'", "config_folders_overlap", {"other": "mapper.archive"}),
        ("[mapper]\ninbox = 'outbox'", "config_folders_overlap", {"key": "mapper.inbox"}),
        ("[sikring]\nkontrollpunkt = 'archive'", "config_folders_overlap", {}),
        (f"[mapper]\narchive = '{ROOT / 'bti_docs' / 'x'}'", "config_folder_in_program", {}),
    ],
)
def test_what_cannot_be_used_is_told_by_code(
    tmp_path: Path, config: str, code: str, params: dict[str, str]
) -> None:
    error = refused(tmp_path, config)
    assert error.code == code
    assert error.exit_code == 3
    assert params.items() <= error.params.items()


def test_a_file_in_another_encoding_or_missing(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes('# på norsk\nspraak = "nb"'.encode("cp1252"))
    with pytest.raises(ConfigError, match="toml_not_utf8"):
        read_settings(tmp_path)
    with pytest.raises(ConfigError, match="config_unreadable"):
        read_settings(tmp_path / "ingen")


def test_folders_that_meet_through_a_link_overlap(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "inn").symlink_to(tmp_path / "archive", target_is_directory=True)
    assert refused(tmp_path, "[mapper]\ninbox = 'inn'").code == "config_folders_overlap"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=80) | st.text(max_size=80).map(str.encode))
def test_any_bytes_give_settings_or_a_config_error(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "config.toml").write_bytes(data)
    error: ConfigError | None = None
    try:
        read_settings(tmp_path)
    except ConfigError as caught:
        error = caught
    assert error is None or text(error.code, "nn", **error.params)


def test_the_office_is_found_upwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = office(tmp_path / "kontor")
    deep = root / "archive" / "saker"
    deep.mkdir(parents=True)
    other = office(tmp_path / "annet")
    monkeypatch.chdir(deep)
    assert find_office(None, None) == root
    assert find_office(other, str(root)) == other
    assert find_office(None, str(other)) == other
    monkeypatch.chdir(tmp_path)
    assert find_office(Path("kontor"), None) == root


def test_another_programs_config_is_passed_by(tmp_path: Path) -> None:
    root = office(tmp_path / "kontor")
    inner = office(root / "nettside", 'title = "Noko anna"\n')
    assert find_office(inner, None) == root
    with pytest.raises(ConfigError, match="office_not_found"):
        find_office(office(tmp_path / "annet", "title = 1"), None)


def test_a_broken_config_is_still_an_office(tmp_path: Path) -> None:
    root = office(tmp_path, "[mapper]\nlinje uten mening\n")
    assert find_office(root, None) == root
    assert refused(tmp_path, "[mapper]\nlinje uten mening\n").params["line"] == 2


def _rows(model: type[BaseModel], prefix: str = "") -> list[tuple[str, str]]:
    """Each key under its heading, as `docs/innstillinger.md` has them."""
    found: list[tuple[str, str]] = []
    for name, info in model.model_fields.items():
        key = info.alias or name
        if isinstance(info.default, BaseModel):
            found += _rows(type(info.default), f"[{key}]")
        else:
            found.append((prefix, key))
    return found


def test_every_setting_is_documented_with_its_default() -> None:
    doc = (ROOT / "docs" / "innstillinger.md").read_text(encoding="utf-8")
    config_part, _, profile_part = doc.partition("## Profilen")
    for table, key in _rows(ConfigFile):
        section = config_part.partition(f"### {table}\n")[2] if table else config_part
        default = _default(table, key)
        assert f"| `{key}` | `{default}` |" in section.partition("\n### ")[0], (table, key)
    for name, info in Profile.model_fields.items():
        assert f"{info.alias or name}" in profile_part, name


def _default(table: str, key: str) -> str:
    values = ConfigFile.model_validate({}).model_dump(by_alias=True)
    value = values[table.strip("[]")][key] if table else values[key]
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
