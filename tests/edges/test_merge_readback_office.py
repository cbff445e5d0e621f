"""The shipped templates as LibreOffice gives them back: without tags, sections and marks.

Measured (7.4): a line break that somebody made with Enter in Word stands in front of its control
once LibreOffice has saved the file, and nothing can tell where it was. Lines that we issued are
paragraphs and stay.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping

import pytest

from bti_docs.merge import Template, print_form
from tests.edges.docx_samples import body_xml
from tests.edges.minutes_samples import MEASURE, issued, measure, minutes
from tests.edges.word_habits import done
from tests.paper_samples import FOLDER, case, filled, making, manifest, values

SOFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed"),
]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[bytes, bytes]]:
    """Name → a document as issued and as LibreOffice saved it, all in one go."""
    folder = tmp_path_factory.mktemp("office")
    documents = {"blank": issued(), "finished": done(issued(), *FINISHED)}
    for code in ("TVT", "SAM", "SVR", "INV", "RUT"):
        record = None if manifest(code).chain == "serie" else case()
        long = values(code, words="et langt svar\nover to linjer")
        documents[code] = filled(making(code, "nn", record), long)
    for name, content in documents.items():
        (folder / f"{name}.docx").write_bytes(content)
    subprocess.run(
        [
            str(SOFFICE),
            "--headless",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--convert-to",
            "docx",
            "--outdir",
            str(folder / "out"),
            *map(str, sorted(folder.glob("*.docx"))),
        ],
        check=True,
        capture_output=True,
        timeout=110,
    )
    return {
        name: (content, (folder / "out" / f"{name}.docx").read_bytes())
        for name, content in documents.items()
    }


FINISHED = (
    measure(0),
    measure(1, MEASURE | {"nr": "2", "tiltak": "Lesestund"}),
    lambda d: d.plus("tiltak"),
    lambda d: d.delete_row("tiltak", 3),
    lambda d: d.pick_date("neste_moete.dato", "2027-01-21", "21.01.2027"),
    lambda d: d.choose("neste_moete.type", "Evalueringsmøte"),
    lambda d: d.type_into("stemme.tekst", "Jeg vil ha en voksen der."),
    lambda d: d.type_into("ny_stafettholder.navn", "Kari Prøvesen"),
)


def test_minutes_finished_and_saved_in_libreoffice(
    saved: Mapping[str, tuple[bytes, bytes]],
) -> None:
    _, returned = saved["finished"]
    xml = body_xml(returned)
    assert "w:tag " not in xml
    assert "repeatingSection" not in xml
    read = minutes().read_back(returned, issued=issued())
    assert read.rows["tiltak"] == [MEASURE, MEASURE | {"nr": "2", "tiltak": "Lesestund"}]
    assert read.values["neste_moete.dato"] == "2027-01-21"
    assert read.values["neste_moete.type"] == "evaluering"
    assert read.values["stemme.tekst"] == "Jeg vil ha en voksen der."
    assert read.values["ny_stafettholder.navn"] == "Kari Prøvesen"
    assert (read.changes, read.problems) == ((), ())


@pytest.mark.parametrize("name", ["blank", "TVT", "SAM", "SVR", "INV", "RUT"])
def test_what_was_not_touched_is_as_issued(
    saved: Mapping[str, tuple[bytes, bytes]], name: str
) -> None:
    before, after = saved[name]
    file = "REF.nb.docx" if name == "blank" else f"{name}.nn.docx"
    template = Template.open(FOLDER / file)
    known = template.read_back(before, issued=before)
    read = template.read_back(after, issued=before)
    assert read.values == known.values
    assert read.rows == known.rows
    assert (read.changes, read.problems) == ((), ())


def test_prompts_whose_mark_is_lost_are_not_printed(
    saved: Mapping[str, tuple[bytes, bytes]],
) -> None:
    _, after = saved["blank"]
    assert "Skriv her" in body_xml(after)
    assert "Skriv her" not in body_xml(print_form(after))
