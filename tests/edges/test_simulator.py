"""The simulator: everything follows from a seed, and damage is where it says."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from bti_docs.core.paper import CODE_BOTTOM_LEFT, CODE_TOP_RIGHT, Box
from bti_docs.core.references import ArchiveName, PageCode, Reference
from bti_docs.inbox import read_file
from bti_docs.simulate import Grey, Lot, dirt, draw_form, printed_pages, worn_scan
from bti_docs.simulate.__main__ import main
from bti_docs.simulate.copier import photocopy
from bti_docs.simulate.wear import SPOILS

CODE = PageCode(ArchiveName("K7QM"), Reference("7K3MQ2XP"), 1, 1)
FORM = draw_form([CODE])
PX = 100 / 25.4


@cache
def sheet() -> Grey:
    return printed_pages(FORM, 100)[0]


def test_the_same_seed_gives_the_same_bytes_and_another_does_not() -> None:
    lot = Lot(dpi=100, spoilt=1)
    scans = [worn_scan(sheet(), seed, lot) for seed in (1, 1, 2)]
    assert scans[0] == scans[1]
    assert scans[0].data != scans[2].data


def test_a_lot_has_its_share_of_everything() -> None:
    small = printed_pages(FORM, 50)[0]
    scans = [worn_scan(small, seed, Lot(dpi=50, spoilt=0.5)) for seed in range(40)]
    spoilt = [one.spoil for one in scans if one.spoil]
    assert 8 < len(spoilt) < 32
    assert set(spoilt) == set(SPOILS)
    assert {one.rotation for one in scans} == {0, 90, 180, 270}


@pytest.mark.parametrize("code", [CODE_TOP_RIGHT, CODE_BOTTOM_LEFT], ids=["top", "bottom"])
@pytest.mark.parametrize("spoil", [dirt.fold_over, dirt.pen_over, dirt.stain_over, dirt.hole_in])
def test_damage_is_on_the_code_that_it_is_meant_for(
    spoil: Callable[[Grey, np.random.Generator, float, Box], None], code: Box
) -> None:
    page = sheet().copy()
    spoil(page, np.random.default_rng(3), PX, code)
    rows, columns = np.nonzero(page != sheet())
    assert rows.size
    assert code.y - 4 < rows.min() / PX < rows.max() / PX < code.y + code.h + 4
    assert code.x - 4 < columns.min() / PX < columns.max() / PX < code.x + code.w + 4


def test_a_photocopy_is_harder_and_has_specks() -> None:
    copied = photocopy(sheet(), np.random.default_rng(1), PX)
    assert copied.shape == sheet().shape
    middle = (copied > 60) & (copied < 200)
    assert middle.mean() < ((sheet() > 60) & (sheet() < 200)).mean()
    assert (copied[sheet() > 250] < 100).any()


def test_black_and_white_is_one_bit() -> None:
    data = worn_scan(sheet(), 1, Lot(dpi=100, mode="1bit")).data
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.mode) == ("TIFF", "1")


@pytest.mark.parametrize(
    ("words", "name", "pages"),
    [
        ((), "a.pdf", 1),
        (("--duplex", "--damage", "fold", "--rotate", "90"), "a.pdf", 2),
        (("--worn", "--seed", "4"), "a.pdf", 1),
        (("--black-white", "--dpi", "150"), "a.tif", 1),
    ],
)
def test_the_tool_writes_what_a_scanner_would(
    tmp_path: Path, words: tuple[str, ...], name: str, pages: int
) -> None:
    paper, out = tmp_path / "papir.pdf", tmp_path / name
    paper.write_bytes(FORM)
    for _ in range(2):
        result = CliRunner().invoke(main, [str(paper), "-o", str(out), *words])
        assert result.exit_code == 0, result.output
    reading = read_file(out.read_bytes(), name)
    assert len(reading.pages) == pages
    assert {seen.code for seen in reading.pages[0].codes} == {CODE}
