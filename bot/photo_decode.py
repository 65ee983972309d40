"""Opens picture bytes within limits: the header is judged before anything is decoded."""

import io

from PIL import Image

from bot.photo_stages import View

MAX_PIXELS = 25_000_000
FIRST_SIDE = 800  # the first view is halved as long as its longer side keeps so many pixels
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "HEIF")
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a picture with this EXIF orientation upright (as ImageOps.exif_transpose does)."""


class TooManyPixels(Exception):
    """The header promises more than MAX_PIXELS."""


class NoPicture(Exception):
    """Not one of our formats, or broken."""


def open_within_limits(data: bytes) -> Image.Image:
    """Read the header only; raises TooManyPixels or NoPicture."""
    if webp_pixels(data) > MAX_PIXELS:
        raise TooManyPixels
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise TooManyPixels from error
    except Exception as error:  # whatever a broken header makes a plug-in raise
        raise NoPicture from error
    if image.width * image.height > MAX_PIXELS:
        raise TooManyPixels
    return image


def webp_pixels(data: bytes) -> int:
    """Return the pixels that a WebP header names, 0 for another format: Pillow allots the canvas on opening.

    Source: RFC 9649, WebP container (VP8X) and the headers of VP8 and VP8L.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) < 30:  # noqa: PLR2004 (the shortest header)
        return 0
    if data[12:16] == b"VP8X":
        wide = int.from_bytes(data[24:27], "little") + 1
        return wide * (int.from_bytes(data[27:30], "little") + 1)
    if data[12:16] == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return ((bits & 0x3FFF) + 1) * ((bits >> 14 & 0x3FFF) + 1)
    wide, high = int.from_bytes(data[26:28], "little"), int.from_bytes(data[28:30], "little")
    return (wide & 0x3FFF) * (high & 0x3FFF)


class Sizes:
    """One picture, upright and grey, at the sizes that the stages ask for."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        image = open_within_limits(data)
        self._longer = max(image.size)
        self._turn = TURNS.get(_orientation(image))
        self.finest = max(0, (self._longer // FIRST_SIDE).bit_length() - 1)
        self._whole = None if image.format == "JPEG" else _grey(image)
        self._views: dict[int, View] = {}
        self.height = self.at(0).image.height * self.at(0).to_full[0]

    def at(self, fineness: int) -> View:
        """Return the whole picture at this fineness; raises NoPicture where its data are broken."""
        fineness = min(fineness, self.finest)
        if fineness not in self._views:
            image = self._reduced(1 << (self.finest - fineness))
            upright = image if self._turn is None else image.transpose(self._turn)
            scale = self._longer / max(upright.size)
            self._views[fineness] = View(upright, (scale, 0.0, 0.0, 0.0, scale, 0.0))
        return self._views[fineness]

    def _reduced(self, times: int) -> Image.Image:
        """JPEG halves itself up to three times for next to nothing; the rest is done by averaging."""
        if self._whole is None:
            image = Image.open(io.BytesIO(self._data), formats=("JPEG",))
            image.draft("L", (image.width // times, image.height // times))
            grey = _grey(image)
            times = round(times * max(grey.size) / self._longer)
        else:
            grey = self._whole
        return grey.reduce(times) if times > 1 else grey


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # noqa: BLE001 (EXIF is whatever a phone wrote; without it the picture is as it is)
        return 1


def _grey(image: Image.Image) -> Image.Image:
    """Decode to 8-bit grey, transparent parts white; raises NoPicture."""
    try:
        if image.mode.startswith("I"):
            return image.convert("I").point(lambda shade: shade * (1 / 256)).convert("L")
        if image.has_transparency_data:
            layered = image.convert("RGBA")
            return Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered).convert("L")
        return image.convert("L")
    except MemoryError:
        raise
    except Exception as error:  # whatever broken data make a plug-in raise
        raise NoPicture from error
