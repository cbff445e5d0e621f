"""The document types of an office as they lie on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bti_docs.core.manifest import Manifest
from bti_docs.core.profile import Profile
from bti_docs.errors import ConfigError, InputError
from bti_docs.library import Library, case_manifest, shipped_files, shipped_folder
from bti_docs.messages import text
from bti_docs.toml_model import parse_toml

ROOT = Path(__file__).resolve().parents[2]
PROFILES = ("profil.toml", "profil-abc.toml")
SIXTH = """
type = "HUS"
version = "1.0"
settled = ["sent"]
law = ["offl13"]
due = { from = "besoek.dato", days = -3, count = "working" }
[title]
nb = "Avtale om hjemmebesøk"
nn = "Avtale om heimebesøk"
[[field]]
key = "besoek.dato"
type = "dato"
label = { nb = "Dato", nn = "Dato" }
example = { nb = "2026-12-03", nn = "2026-12-03" }
required = "issue"
[[field]]
key = "tiltak"
type = "tiltak"
label = { nb = "Tiltak", nn = "Tiltak" }
repeated = true
columns = ["maal", "tiltak", "frist"]
[[field]]
key = "tjeneste"
type = "valg"
label = { nb = "Tjeneste", nn = "Teneste" }
options = "tjenester"
"""

Lay = Callable[..., Path]


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    """Lays files in a template folder, beside the shipped profile."""
    (tmp_path / "docx").mkdir()
    (tmp_path / "profil.toml").write_bytes((ROOT / "templates" / "profil.toml").read_bytes())

    def put(**files: str) -> Path:
        for name, content in files.items():
            stem, _, suffix = name.rpartition("_")
            target = tmp_path / "docx" / f"{stem.replace('_', '.')}.{suffix}"
            target.write_bytes(content.encode())
        return tmp_path

    return put


def opened(root: Path) -> Library:
    return Library.open(root / "docx", root / "profil.toml")


def problems(root: Path) -> set[tuple[str, str | None]]:
    with pytest.raises(InputError) as caught:
        opened(root)
    found = caught.value.problems
    for problem in found:
        assert text(problem.code, "nb", **problem.params)  # type: ignore[attr-defined]
    assert caught.value.params["count"] == len(found)
    return {(p.code, p.place.field) for p in found}  # type: ignore[attr-defined]


def test_a_sixth_type_is_two_files(lay: Lay) -> None:
    library = opened(lay(HUS_toml=SIXTH, HUS_nb_docx="mal"))
    assert library.types() == ("HUS",)
    assert library.manifest("HUS").title.nn == "Avtale om heimebesøk"
    assert library.languages("HUS") == ("nb",)
    assert library.word_file("HUS", "nb").name == "HUS.nb.docx"
    assert library.pair_bytes("HUS", "nb") == (b"mal", SIXTH.encode())
    assert library.pair_hash("HUS", "nb")[0] == hashlib.sha256(b"mal").hexdigest()
    assert library.profile().municipality.name == "Eksempel kommune"
    assert library.warnings == ()


def test_a_language_or_type_that_is_not_there(lay: Lay) -> None:
    library = opened(lay(HUS_toml=SIXTH, HUS_nb_docx="mal"))
    with pytest.raises(ConfigError, match="type_without_language"):
        library.word_file("HUS", "nn")
    with pytest.raises(ConfigError, match="type_unknown"):
        library.pair_bytes("XYZ", "nb")


def test_what_was_read_stays_as_it_was(lay: Lay) -> None:
    root = lay(HUS_toml=SIXTH, HUS_nb_docx="mal")
    library = opened(root)
    lay(HUS_nb_docx="noe annet")
    assert library.pair_bytes("HUS", "nb")[0] == b"mal"


def test_lock_files_and_the_profile_are_passed_by_and_strays_are_told(lay: Lay) -> None:
    root = lay(HUS_toml=SIXTH, HUS_nb_docx="mal", Notat_docx="x")
    (root / "docx" / "~$HUS.nb.docx").write_bytes(b"lock")
    (root / "docx" / ".skjult.toml").write_bytes(b"=")
    profile = (root / "profil.toml").rename(root / "docx" / "profil.toml")
    library = Library.open(root / "docx", profile)
    assert [(w.code, w.place.sheet) for w in library.warnings] == [
        ("word_file_without_manifest", "Notat.docx")
    ]


def test_all_problems_come_at_once(lay: Lay) -> None:
    slips = SIXTH.replace('label = { nb = "Dato"', 'labell = { nb = "Dato"')
    root = lay(HUS_toml=slips, ABC_toml='type = "ABD"', DEF_toml="x =", HUS_nb_docx="mal")
    (root / "profil.toml").write_text('navn = "x"\nmaalform = "sv"\n', encoding="utf-8")
    assert problems(root) >= {
        ("toml_missing_key", "field[1].label"),
        ("toml_unknown_key", "field[1].labell"),
        ("toml_missing_key", "version"),
        ("toml_unreadable", None),
        ("toml_not_a_choice", "maalform"),
        ("toml_missing_key", "kommune"),
    }


@pytest.mark.parametrize(
    ("old", "new", "code", "key"),
    [
        ('"HUS"', '"HUX"', "manifest_other_type", None),
        ("offl13", "offl14", "manifest_unknown_law", "law"),
        ('from = "besoek.dato"', 'from = "tjeneste"', "manifest_not_a_date_field", "due.from"),
        ('"frist"]', '"friist"]', "manifest_unknown_column", "tiltak"),
        ('options = "tjenester"', 'options = "etater"', "manifest_unknown_list", "tjeneste"),
        ('options = "tjenester"', "", "manifest_no_options", "tjeneste"),
        ('options = "tjenester"', 'options = "tjenester"\nrepeated = true',
         "manifest_repeats_a_scalar", "tjeneste"),
        ('required = "issue"', 'fact = "meeting.dato"', "manifest_unknown_fact", "besoek.dato"),
        ('nb = "2026-12-03"', 'nb = "3.12.2026"', "manifest_bad_example", "besoek.dato"),
        ('version = "1.0"', 'version = "1.0"\nreply_to = "INV"', "manifest_unknown_type",
         "reply_to"),
        ('version = "1.0"', 'version = "1.0"\nanonymous = "tjeneste=ja"',
         "manifest_unknown_choice", "anonymous"),
        ('key = "tiltak"', 'key = "tjeneste"', "toml_duplicate_keys", None),
    ],
)  # fmt: skip
def test_each_slip_is_told_with_its_key(
    lay: Lay, old: str, new: str, code: str, key: str | None
) -> None:
    changed = SIXTH.replace(old, new, 1)
    assert changed != SIXTH
    assert (code, key) in problems(lay(HUS_toml=changed, HUS_nb_docx="mal"))


def test_what_lacks_on_disk(lay: Lay, tmp_path: Path) -> None:
    root = lay(HUS_toml=SIXTH)
    assert problems(root) == {("manifest_without_word_file", None)}
    (root / "profil.toml").unlink()
    assert ("library_file_unreadable", None) in problems(root)
    with pytest.raises(InputError) as caught:
        Library.open(tmp_path / "ingen", tmp_path / "profil.toml")
    assert caught.value.problems[0].code == "library_no_folder"


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, len(SIXTH)), noise=st.text(max_size=12))
def test_a_damaged_manifest_gives_problems_and_never_a_traceback(
    lay: Lay, cut: int, noise: str
) -> None:
    root = lay(HUS_toml=SIXTH[:cut] + noise + SIXTH[cut:], HUS_nb_docx="mal")
    try:
        opened(root)
    except InputError as error:
        for problem in error.problems:
            assert text(problem.code, "nn", **problem.params)  # type: ignore[attr-defined]


def test_the_shipped_library_holds() -> None:
    for profile in PROFILES:
        library = Library.open(ROOT / "templates" / "docx", ROOT / "templates" / profile)
        assert {"INV", "SVR", "SAM", "REF", "TVT", "RUT"} <= set(library.types())
        for type_code in library.types():
            assert library.languages(type_code) == ("nb", "nn")
        assert library.warnings == ()


def shipped_profile(name: str) -> Profile:
    parsed = parse_toml(Profile, (ROOT / "templates" / name).read_bytes())
    assert isinstance(parsed, Profile)
    return parsed


def test_the_two_profiles_differ_in_all_that_municipalities_decide() -> None:
    first, second = (shipped_profile(name) for name in PROFILES)
    assert [level.key for level in first.levels] == ["0", "1", "2", "3"]
    assert [level.key for level in second.levels] == ["A", "B", "C"]
    assert (first.levels[0].decision_days, second.levels[0].decision_days) == (14, 28)
    assert (first.language, second.language) == ("nb", "nn")
    assert (first.ages.signs, second.ages.signs) == (15, 16)
    assert len(first.services) == 8
    assert {s.key for s in first.services} != {s.key for s in second.services}


@pytest.mark.parametrize("name", PROFILES)
def test_a_law_reference_holds_from_day_to_day_without_gap_or_overlap(name: str) -> None:
    profile = shipped_profile(name)
    for key in {law.key for law in profile.law}:
        versions = sorted((x for x in profile.law if x.key == key), key=lambda x: x.valid_from)
        for earlier, later in pairwise(versions):
            assert earlier.valid_to is not None
            assert (later.valid_from - earlier.valid_to).days == 1
        assert profile.law_on(key, date(2026, 12, 1)) is not None


@pytest.mark.parametrize("name", PROFILES)
def test_no_law_paragraph_stands_outside_the_dated_list(name: str) -> None:
    profile = shipped_profile(name)
    texts = [profile.complaint, *profile.words]
    assert not [t for t in texts if "§" in t.nb + t.nn + (t.en or "")]
    assert all(t.en and ": " in t.en for t in profile.words)
    numbers = [u.phone for u in profile.urgent]
    assert {"112", "113", "116 111"} <= set(numbers)
    assert profile.urgent_staff is not None


def test_the_case_manifest_travels_with_the_program() -> None:
    assert isinstance(case_manifest(), Manifest)
    assert case_manifest().type == "SAK"


def test_what_a_new_office_begins_with() -> None:
    names = [name for name, _ in shipped_files()]
    assert names[0] == "config.toml"
    assert {"templates/profil.toml", "templates/profil-abc.toml", "inbox/LES-MEG.txt"} <= set(names)
    assert "templates/docx/SAM.toml" in names
    assert shipped_folder() == ROOT
    assert all(data for _, data in shipped_files())
