"""A telephone held over a sheet on a table: perspective, shadow, soft focus, noise, JPEG."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image, ImageFilter

Grey = npt.NDArray[np.uint8]
Matrix = npt.NDArray[np.float64]

_PAGE_MM: Final = (210.0, 297.0)
_DISTANCE_MM: Final = 420.0
_ORIENTATION: Final = {0: 1, 90: 6, 180: 3, 270: 8}
_COARSE: Final = 24


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone and the hand that holds it. Angles in degrees, lengths in mm."""

    size: tuple[int, int] = (3024, 4032)
    """Pixels across and down, held upright."""
    tilt: float = 25.0
    """The largest angle between the camera and the line straight down."""
    turn: float = 8.0
    fill: tuple[float, float] = (0.78, 0.94)
    """How much of the picture's width or height the sheet takes."""
    shadow: float = 0.45
    """How much of the light a shadow takes at most."""
    curl: float = 0.6
    """How far the middle of the sheet is bent to one side, at most."""
    blur: float = 1.3
    """Standard deviation in pixels."""
    noise: float = 5.0
    quality: int = 80


PHONE: Final = Phone()


def snap(
    sheet: Grey, *, seed: int, phone: Phone = PHONE, held: Literal[0, 90, 180, 270] = 0
) -> bytes:
    """A JPEG of *sheet*, an upright A4 page; the same seed gives the same bytes.

    With *held* the telephone is turned by so many degrees, which its EXIF says.
    """
    rng = np.random.default_rng(seed)
    width, height = phone.size
    scale = sheet.shape[1] / _PAGE_MM[0]
    to_picture = _view(rng, phone)
    back = np.diag([scale, scale, 1.0]) @ np.linalg.inv(to_picture)
    numbers = tuple((back / back[2, 2]).ravel()[:8].tolist())
    bent = _bent(sheet, float(rng.uniform(-phone.curl, phone.curl)) * scale)
    bicubic, perspective = Image.Resampling.BICUBIC, Image.Transform.PERSPECTIVE
    paper = Image.fromarray(bent).transform((width, height), perspective, numbers, bicubic)
    whole = Image.new("L", (sheet.shape[1], sheet.shape[0]), 255)
    where = whole.transform((width, height), perspective, numbers, Image.Resampling.BILINEAR)
    lying = Image.composite(paper, _table(rng, phone.size), where)
    soft = lying.filter(ImageFilter.GaussianBlur(phone.blur))
    seen = np.asarray(soft, dtype=np.float32) * _light(rng, phone)
    seen += np.float32(phone.noise) * rng.standard_normal(seen.shape, dtype=np.float32)
    return _jpeg(np.clip(seen, 0, 255).astype(np.uint8), phone, held)


def _view(rng: np.random.Generator, phone: Phone) -> Matrix:
    """From the sheet's millimetres to the picture's pixels."""
    tilt, towards = np.radians(rng.uniform(0, phone.tilt)), rng.uniform(0, 2 * np.pi)
    axis = np.array([np.cos(towards), np.sin(towards), 0.0])
    turn = _rotation(np.array([0.0, 0.0, 1.0]), np.radians(rng.uniform(-phone.turn, phone.turn)))
    pose = turn @ _rotation(axis, tilt)
    centred = np.array([[1, 0, -_PAGE_MM[0] / 2], [0, 1, -_PAGE_MM[1] / 2], [0, 0, 1.0]])
    plane = np.column_stack([pose[:, 0], pose[:, 1], [0.0, 0.0, _DISTANCE_MM]])
    projected = plane @ centred
    corners = np.array([(0, 0, 1), (_PAGE_MM[0], 0, 1), (*_PAGE_MM, 1), (0, _PAGE_MM[1], 1)]).T
    seen = projected @ corners
    points = seen[:2] / seen[2]
    low, high = points.min(axis=1), points.max(axis=1)
    size = np.array(phone.size)
    zoom = rng.uniform(*phone.fill) * float((size / (high - low)).min())
    free = (size - zoom * (high - low)) * rng.uniform(0.25, 0.75, 2)
    shift = free - zoom * low
    placed: Matrix = np.array([[zoom, 0, shift[0]], [0, zoom, shift[1]], [0, 0, 1]]) @ projected
    return placed


def _rotation(axis: Matrix, angle: float) -> Matrix:
    """Rodrigues' formula."""
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    turned: Matrix = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross)
    return turned


def _bent(sheet: Grey, pixels: float) -> Grey:
    """The sheet as it lies when it is not quite flat: rows move to one side in an arc."""
    arc = np.rint(pixels * np.sin(np.linspace(0, np.pi, sheet.shape[0]))).astype(int)
    columns = np.arange(sheet.shape[1])[None, :] - arc[:, None]
    return np.take_along_axis(sheet, np.clip(columns, 0, sheet.shape[1] - 1), axis=1)


def _table(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """A table top darker than paper, with grain."""
    level = rng.uniform(50, 150)
    coarse = level + 14 * rng.standard_normal((size[1] // _COARSE, size[0] // (4 * _COARSE)))
    grain = Image.fromarray(np.clip(coarse, 0, 255).astype(np.uint8))
    return grain.resize(size, Image.Resampling.BICUBIC)


def _light(rng: np.random.Generator, phone: Phone) -> npt.NDArray[np.float32]:
    """The share of light that falls on each pixel: a slope, a soft shadow's edge, the lens."""
    small = phone.size[1] // _COARSE, phone.size[0] // _COARSE
    down, right = np.mgrid[0 : 1 : small[0] * 1j, 0 : 1 : small[1] * 1j] - 0.5
    angle, edge = rng.uniform(0, 2 * np.pi, 2)
    slope = 1 - rng.uniform(0.1, phone.shadow) * (
        0.5 + 0.7 * (np.cos(angle) * right + np.sin(angle) * down)
    )
    away = np.cos(edge) * right + np.sin(edge) * down - rng.uniform(-0.3, 0.3)
    hand = 1 - rng.uniform(0, phone.shadow) / (1 + np.exp(-away / rng.uniform(0.01, 0.08)))
    lens = 1 - 0.25 * (down**2 + right**2)
    light = Image.fromarray((slope * hand * lens).astype(np.float32))
    return np.asarray(light.resize(phone.size, Image.Resampling.BICUBIC), dtype=np.float32)


def _jpeg(picture: Grey, phone: Phone, held: int) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = _ORIENTATION[held]
    exif[ExifTags.Base.Model] = "Eksempel 1"
    turned = np.ascontiguousarray(np.rot90(picture, held // 90))
    out = io.BytesIO()
    Image.fromarray(turned).save(out, "JPEG", quality=phone.quality, exif=exif, dpi=(72, 72))
    return out.getvalue()
