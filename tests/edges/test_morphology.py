"""The fast filters do what the slow definitions say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bti_docs.inbox.morphology import (
    Grey,
    black_top_hat,
    black_top_hat_of_large,
    components,
    dilate,
    erode,
    runs,
    widen,
    without_specks,
)

ODD = st.sampled_from([1, 3, 5, 7, 11])


@st.composite
def pictures(draw: st.DrawFn) -> Grey:
    height, width = draw(st.integers(1, 20)), draw(st.integers(1, 20))
    seed = draw(st.integers(0, 1000))
    return np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)


@settings(deadline=None)
@given(pictures(), ODD, ODD)
def test_dilation_and_erosion_are_the_extremes_of_the_window(
    picture: Grey, height: int, width: int
) -> None:
    padded = np.pad(picture, ((height // 2,) * 2, (width // 2,) * 2), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (height, width))
    assert np.array_equal(dilate(picture, height, width), windows.max(axis=(2, 3)))
    assert np.array_equal(erode(picture, height, width), windows.min(axis=(2, 3)))


def test_the_top_hat_keeps_thin_dark_lines_and_no_wide_ones() -> None:
    page = np.full((60, 60), 240, dtype=np.uint8)
    page[:, 10:13] = 100
    page[:, 30:50] = 100
    hat = black_top_hat(page, 11)
    assert set(np.unique(hat[:, 10:13])) == {140}
    assert hat[:, 25:55].max() == 0


@settings(deadline=None)
@given(st.integers(1, 40))
def test_runs_keep_what_is_long_enough(length: int) -> None:
    mask = np.zeros((3, 60), dtype=np.bool_)
    mask[1, 10 : 10 + length] = True
    kept = runs(mask, 21)
    assert np.array_equal(kept, mask if length >= 21 else np.zeros_like(mask))


@pytest.mark.parametrize("width", [1, 2, 3])
def test_specks_are_what_is_thinner_than_two_pixels(width: int) -> None:
    mask = np.zeros((20, 20), dtype=np.bool_)
    mask[5:15, 5 : 5 + width] = True
    assert np.array_equal(without_specks(mask), mask & (width > 1))


def test_components_are_found_across_corners_and_measured_in_cells() -> None:
    mask = np.zeros((60, 60), dtype=np.bool_)
    mask[0:6, 0:6] = True
    mask[6:12, 6:12] = True
    mask[42:48, 6:36] = True
    mask[30, 50] = True
    first, second = sorted(components(mask, 6), key=lambda patch: patch.ink)
    assert (first.ink, first.extent) == (72, 2)
    assert (second.ink, second.extent, second.thickness) == (180, 5, 0.0)
    assert widen(mask, 3, 3)[29:32, 49:52].all()


def test_the_fast_top_hat_sees_lines_and_no_edges_of_wide_shapes() -> None:
    page = np.full((61, 80), 240, dtype=np.uint8)
    page[:, 10:13] = 100
    page[:, 41:60] = 100
    hat = black_top_hat_of_large(page, 11)
    assert hat.shape == page.shape
    assert set(np.unique(hat[:, 10:13])) == {140}
    assert hat[:, 25:].max() == 0
