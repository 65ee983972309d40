"""Finds the codes on a picture in stages, cheap views first, and stops when one more look adds nothing."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import zxingcpp
from PIL import Image, ImageChops, ImageFilter
from zxingcpp import BarcodeFormat

MATRIX = (BarcodeFormat.QRCode, BarcodeFormat.DataMatrix, BarcodeFormat.Aztec, BarcodeFormat.PDF417)
LINEAR = (
    BarcodeFormat.Code128,
    BarcodeFormat.Code39,
    BarcodeFormat.Code93,
    BarcodeFormat.EAN13,
    BarcodeFormat.EAN8,
)
ALL = MATRIX + LINEAR
WEAK = (BarcodeFormat.Code39,)  # no check digit: believed when two views say the same
ANGLES = (15.0, 30.0, 45.0, 60.0, 75.0)  # the decoder turns by 90 degrees itself and bears some ten
BESIDE = MATRIX[:2] + LINEAR  # what labels print side by side
REEL = "[)>"  # ISO 15434
REACH_MATRIX, REACH_LINEAR = 3.3, 0.8  # of its longer side; a bar code mostly fills the label's width
MANY = 3  # so many codes are more than one label: look over the whole picture again
Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class View:
    """A grey picture and the affine map from its pixels to those of the upright full-size picture."""

    image: Image.Image
    to_full: Matrix

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return where a pixel of this view lies in the full picture."""
        a, b, c, d, e, f = self.to_full
        return a * x + b * y + c, d * x + e * y + f

    def shown_as(self, image: Image.Image) -> "View":
        """Return the same place under another treatment."""
        return View(image, self.to_full)


class Picture(Protocol):
    """A picture that can be had at several sizes; `fineness` 0 is the first view, each step doubles it."""

    height: float
    finest: int

    def at(self, fineness: int) -> View:
        """Return the whole picture, upright, at this fineness or the finest there is."""
        ...


@dataclass(frozen=True, kw_only=True)
class Sight:
    """One code seen: text, middle in the full picture, angle of its reading direction (degrees), longer side.

    `reach`: how far from the middle its label may extend.
    """

    text: str
    x: float
    y: float
    angle: float
    size: float
    reach: float


@dataclass
class Search:
    """What has been seen so far, and whether there is time to go on."""

    in_time: Callable[[], bool] = lambda: True
    seen: dict[str, Sight] = field(default_factory=dict)
    doubtful: dict[str, int] = field(default_factory=dict)
    looks: int = 0

    def look(
        self,
        view: View,
        *,
        formats: tuple[BarcodeFormat, ...] = ALL,
        thorough: bool = True,
        downscale: bool = False,
    ) -> None:
        """Run the decoder over a view and remember what it says; `thorough` also reads white on black."""
        if self.looks and not self.in_time():
            return
        self.looks += 1
        wanted = zxingcpp.BarcodeFormats(list(formats))
        for found in zxingcpp.read_barcodes(
            view.image,
            formats=wanted,
            try_invert=thorough,
            try_downscale=downscale,
            text_mode=zxingcpp.TextMode.Plain,
        ):
            self._take(found, view)

    def _take(self, found: zxingcpp.Barcode, view: View) -> None:
        gs1 = found.content_type == zxingcpp.ContentType.GS1
        text = (found.symbology_identifier if gs1 else "") + found.text
        if found.format in WEAK:
            self.doubtful[text] = self.doubtful.get(text, 0) + 1
            if self.doubtful[text] < 2:  # noqa: PLR2004 (two views)
                return
        if text.strip():
            self.seen.setdefault(text, _sight(text, found, view))


def find(picture: Picture, *, in_time: Callable[[], bool]) -> tuple[list[Sight], int]:
    """Return the codes in reading order and the number of views it took."""
    search = Search(in_time)
    for stage in STAGES:
        stage(picture, search)
        if search.seen or not in_time():
            break
    _neighbours(picture, search)
    if len(search.seen) >= MANY:
        _half(picture, search)
    return in_reading_order(list(search.seen.values()), height=picture.height), search.looks


def in_reading_order(sights: list[Sight], *, height: float) -> list[Sight]:
    """Sort from top to bottom, and from left to right where codes stand side by side."""
    band = max(height / 12, 1.0)
    return sorted(sights, key=lambda sight: (sight.y // band, sight.x))


def _quarter(picture: Picture, search: Search) -> None:
    search.look(picture.at(0), thorough=False)


def _quarter_contrast(picture: Picture, search: Search) -> None:
    view = picture.at(0)
    search.look(view.shown_as(_smooth_contrast(view.image)), downscale=True)


def _quarter_turned(picture: Picture, search: Search) -> None:
    _look_turned(picture.at(0), search)


def _half(picture: Picture, search: Search) -> None:
    search.look(picture.at(1))


def _half_contrast(picture: Picture, search: Search) -> None:
    view = picture.at(1)
    search.look(view.shown_as(_smooth_contrast(view.image)))


def _half_turned(picture: Picture, search: Search) -> None:
    _look_turned(picture.at(1), search)


def _sharpened(picture: Picture, search: Search) -> None:
    for fineness in (0, 1):
        view = picture.at(fineness)
        search.look(view.shown_as(_sharp(view.image)))


def _full(picture: Picture, search: Search) -> None:
    search.look(picture.at(picture.finest), downscale=True)


STAGES: tuple[Callable[[Picture, Search], None], ...] = (
    _quarter,
    _quarter_contrast,
    _quarter_turned,
    _half,
    _half_contrast,
    _sharpened,
    _half_turned,
    _full,
)


def _neighbours(picture: Picture, search: Search) -> None:
    """Look around what was found, turned upright as it stands: codes of one label share its direction."""
    looked: set[str] = set()
    for _ in range(2):  # the second round looks around what the first has added
        for sight in [sight for text, sight in search.seen.items() if text not in looked][:MANY]:
            search.look(_around(picture.at(0), sight), formats=BESIDE, thorough=False)
            looked.add(sight.text)
    if len(search.seen) == 1 and next(iter(search.seen)).startswith(REEL):
        _beside_reel(picture, search)


def _beside_reel(picture: Picture, search: Search) -> None:
    """Look harder around a reel label: it repeats its fields in bar codes so narrow that much loses them."""
    (sight,) = search.seen.values()
    for fineness in (0, 1):
        view = _around(picture.at(fineness), sight)
        for treat in (_sharp, _smooth_contrast) if fineness == 0 else (_same, _smooth_contrast):
            search.look(view.shown_as(treat(view.image)), formats=LINEAR, thorough=False)
            if len(search.seen) > 1:
                return


def _around(view: View, sight: Sight) -> View:
    """Cut out the label around a code, turned so that the code stands upright."""
    scale = view.to_full[0]
    cos, sin = math.cos(math.radians(sight.angle)), math.sin(math.radians(sight.angle))
    reach = min(sight.reach / scale, max(view.image.size) / 2)
    x, y = sight.x / scale, sight.y / scale
    side = int(2 * reach)
    turn = (cos, -sin, x - cos * reach + sin * reach, sin, cos, y - sin * reach - cos * reach)
    return _transformed(view, turn, (side, side))


def _look_turned(view: View, search: Search) -> None:
    """Bar codes that lie askew: the two-dimensional ones do not mind."""
    for turned in _turns(view.shown_as(_local_contrast(view.image))):
        search.look(turned, formats=LINEAR, thorough=False)
        if search.seen:
            return


def _turns(view: View) -> Iterator[View]:
    wide, high = view.image.size
    for angle in ANGLES:
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        side_x, side_y = int(wide * cos + high * sin), int(wide * sin + high * cos)
        shift_x = wide / 2 - cos * side_x / 2 + sin * side_y / 2
        shift_y = high / 2 - sin * side_x / 2 - cos * side_y / 2
        yield _transformed(view, (cos, -sin, shift_x, sin, cos, shift_y), (side_x, side_y))


def _transformed(view: View, inner: Matrix, size: tuple[int, int]) -> View:
    """Return the view through `inner`, the map from new pixels to those of the view."""
    a, b, c, d, e, f = view.to_full
    g, h, i, j, k, m = inner
    whole = (a * g + b * j, a * h + b * k, a * i + b * m + c, d * g + e * j, d * h + e * k, d * i + e * m + f)
    image = view.image.transform(
        size, Image.Transform.AFFINE, inner, Image.Resampling.BILINEAR, fillcolor=128
    )
    return View(image, whole)


def _local_contrast(image: Image.Image) -> Image.Image:
    """Stretch what differs from its surroundings: a label in the dark or half in the shadow."""
    around = image.filter(ImageFilter.BoxBlur(max(image.size) / 30))
    return ImageChops.subtract(image, around, scale=0.15, offset=128)


def _smooth_contrast(image: Image.Image) -> Image.Image:
    """Smooth the grain first, which the stretching would make worse."""
    return _local_contrast(image.filter(ImageFilter.GaussianBlur(1)))


def _sharp(image: Image.Image) -> Image.Image:
    return image.filter(ImageFilter.UnsharpMask(4, 300, 0))


def _same(image: Image.Image) -> Image.Image:
    return image


def _sight(text: str, found: zxingcpp.Barcode, view: View) -> Sight:
    position = found.position
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = [view.place(corner.x, corner.y) for corner in corners]
    size = max(math.hypot(bx - ax, by - ay), math.hypot(dx - ax, dy - ay))
    return Sight(
        text=text,
        x=(ax + bx + cx + dx) / 4,
        y=(ay + by + cy + dy) / 4,
        angle=math.degrees(math.atan2(by - ay, bx - ax)),
        size=size,
        reach=size * (REACH_MATRIX if found.format in MATRIX else REACH_LINEAR),
    )
