"""Frozen generator of label photos (version 1): the same seed draws the same picture.

Change nothing here without raising VERSION: promise P6 is measured on these pictures.
"""

import io
import math
import random
from collections.abc import Callable
from dataclasses import dataclass

import zxingcpp
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from domain.codes import Kind, write

VERSION = 1
CONDITIONS = ("rotated", "blurred", "dim", "perspective", "combined", "12mp")
SIZES = ((1600, 1200), (3264, 2448), (3264, 2448), (4032, 3024))  # as chats compress; as phones take
GS, RS, EOT = "\x1d", "\x1e", "\x04"
Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class LabelPhoto:
    """A picture and the codes that are on it."""

    seed: int
    condition: str
    codes: tuple[str, ...]
    jpeg: bytes


def photo(seed: int, *, condition: str) -> LabelPhoto:
    """Draw the picture of this seed under one of CONDITIONS."""
    dice = random.Random(f"{VERSION}/{condition}/{seed}")  # noqa: S311 (pictures, no secrets)
    size = SIZES[3] if condition == "12mp" else dice.choice(SIZES)
    label, codes = _label(dice, width=int(size[0] * _share(condition, dice)))
    scene = _desk(size, dice)
    corners = _corners(label.size, size, dice, condition=condition)
    _lay(scene, label, corners)
    scene = _lens(scene, dice, condition=condition)
    out = io.BytesIO()
    scene.convert("RGB").save(out, "JPEG", quality=dice.randrange(55, 92))
    return LabelPhoto(seed=seed, condition=condition, codes=codes, jpeg=out.getvalue())


def _share(condition: str, dice: random.Random) -> float:
    return dice.uniform(0.25, 0.45) if condition == "12mp" else dice.uniform(0.45, 0.75)


def _label(dice: random.Random, *, width: int) -> tuple[Image.Image, tuple[str, ...]]:
    """Draw a label of some `width` pixels with one to three codes and the words around them."""
    draw: Callable[[random.Random], list[tuple[str, zxingcpp.BarcodeFormat]]]
    draw = dice.choice([_traveller, _reel, _bag, _lot])
    wanted = draw(dice)
    label = Image.new("L", (width, int(width * 0.62)), 244)
    pen = ImageDraw.Draw(label)
    font = ImageFont.load_default(size=max(10, width // 26))
    for row in range(3):
        words = "".join(dice.choices("ABCDEFGHKLMNPRSTUXYZ 0123456789", k=22))
        pen.text((width * 0.04, width * (0.03 + 0.05 * row)), words, fill=30, font=font)
    top = int(width * 0.2)
    for number, (text, form) in enumerate(wanted):
        symbol = _symbol(text, form, box=_box(form, width=width, alone=len(wanted) == 1))
        flat = form == zxingcpp.BarcodeFormat.Code128
        left = int(width * 0.05) if number == 0 or flat else int(width * 0.55)
        label.paste(symbol, (left, top if not flat or number == 0 else int(width * 0.48)))
    pen.rectangle((0, 0, width - 1, label.height - 1), outline=90, width=max(1, width // 300))
    return label, tuple(text for text, _ in wanted)


def _box(form: zxingcpp.BarcodeFormat, *, width: int, alone: bool) -> tuple[int, int]:
    if form == zxingcpp.BarcodeFormat.Code128:
        return int(width * 0.9), int(width * (0.2 if alone else 0.1))
    side = int(width * (0.38 if alone else 0.28))
    return side, side


def _symbol(text: str, form: zxingcpp.BarcodeFormat, *, box: tuple[int, int]) -> Image.Image:
    symbol = Image.fromarray(zxingcpp.create_barcode(text, form).to_image(scale=1, add_quiet_zones=True))
    width, height = symbol.size
    times = max(2.0, min(box[0] / width, box[1] / height if width == height else box[0] / width))
    tall = int(height * times) if width == height else box[1]
    return symbol.resize((int(width * times), tall), Image.Resampling.BOX)


def _traveller(dice: random.Random) -> list[tuple[str, zxingcpp.BarcodeFormat]]:
    return [(write(Kind.ORDER, f"WO-{dice.randrange(1000, 9999)}"), zxingcpp.BarcodeFormat.QRCode)]


def _reel(dice: random.Random) -> list[tuple[str, zxingcpp.BarcodeFormat]]:
    lot = f"5W{dice.randrange(10**7, 10**8)}"
    text = (
        f"[)>{RS}06{GS}P100-{dice.randrange(1000, 9999)}{GS}1PGRM188R71C104KA01D"
        f"{GS}Q{dice.randrange(1, 9)}000{GS}10D26{dice.randrange(10, 52)}{GS}1T{lot}{GS}4LJP{RS}{EOT}"
    )
    return [(text, zxingcpp.BarcodeFormat.DataMatrix), (f"1T{lot}", zxingcpp.BarcodeFormat.Code128)]


def _bag(dice: random.Random) -> list[tuple[str, zxingcpp.BarcodeFormat]]:
    number = dice.randrange(10**9, 10**10)
    part = f"pc:C{dice.randrange(1000, 99999)},pm:RC0402FR-0710KL,qty:40,mc:,cc:1"
    text = f"{{pbn:PICK{number},on:SO{number},{part}}}"
    return [(text, zxingcpp.BarcodeFormat.QRCode)]


def _lot(dice: random.Random) -> list[tuple[str, zxingcpp.BarcodeFormat]]:
    return [(f"L26{dice.randrange(10**5, 10**6)}", zxingcpp.BarcodeFormat.Code128)]


def _desk(size: tuple[int, int], dice: random.Random) -> Image.Image:
    """Draw a work bench: texture, a printed sheet, a circuit board, edges; none of it a code."""
    scene = Image.new("L", size, dice.randrange(60, 170))
    for cells, strength in ((24, 0.25), (size[0] // 8, 0.12), (size[0] // 3, 0.12)):
        rows = cells * 3 // 4
        texture = Image.frombytes("L", (cells, rows), dice.randbytes(cells * rows))
        scene = Image.blend(scene, texture.resize(size, Image.Resampling.BILINEAR), strength)
    for draw in dice.sample([_sheet, _board, _edges], k=dice.randrange(1, 4)):
        draw(scene, dice)
    return scene


def _sheet(scene: Image.Image, dice: random.Random) -> None:
    """Lay a page of print under the label."""
    wide, high = scene.size
    page = Image.new("L", (wide * 3 // 5, high * 4 // 5), 225)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(size=wide // 70)
    for row in range(24):
        words = "".join(dice.choices("abcdefghiklmnoprstu vwxyz 0123456789 ", k=70))
        pen.text((wide // 50, page.height * row / 24), words, fill=50, font=font)
    turned = page.rotate(dice.uniform(-15, 15), expand=True, fillcolor=0)
    mask = turned.point(lambda shade: 255 if shade else 0)
    scene.paste(turned, (dice.randrange(-wide // 8, wide // 2), dice.randrange(-high // 8, high // 3)), mask)


def _board(scene: Image.Image, dice: random.Random) -> None:
    """Lay a circuit board under the label: rows of pads, chips and holes."""
    wide, high = scene.size
    pen, step = ImageDraw.Draw(scene), wide // dice.randrange(50, 90)
    left, top = dice.randrange(-wide // 10, wide // 2), dice.randrange(-high // 10, high // 2)
    pen.rectangle((left, top, left + wide * 2 // 3, top + high * 2 // 3), fill=55)
    for row in range(high * 2 // 3 // step):
        for column in range(wide * 2 // 3 // step):
            x, y, shade = left + column * step, top + row * step, dice.choice([35, 90, 190, 55, 55, 210])
            pen.rectangle(
                (x, y, x + step * dice.uniform(0.2, 0.9), y + step * dice.uniform(0.2, 0.8)), fill=shade
            )


def _edges(scene: Image.Image, dice: random.Random) -> None:
    """Draw cables and edges of tools."""
    pen = ImageDraw.Draw(scene)
    for _ in range(14):
        ends = [(dice.uniform(0, scene.width), dice.uniform(0, scene.height)) for _ in range(2)]
        pen.line(ends, fill=dice.randrange(20, 220), width=dice.randrange(2, scene.width // 60))


def _corners(
    label: tuple[int, int], size: tuple[int, int], dice: random.Random, *, condition: str
) -> list[Point]:
    """Return where the label's corners come to lie: turned, tilted, moved."""
    angle = {"rotated": 180.0, "combined": 40.0}.get(condition, 8.0)
    turn = math.radians(dice.uniform(-angle, angle))
    tilt = {"perspective": 0.3, "combined": 0.18}.get(condition, 0.04)
    wide, high = label[0] / 2, label[1] / 2
    shrink = min(1.0, size[1] * 0.94 / (2 * math.hypot(wide, high)))
    slip = [1 - dice.uniform(0, tilt) for _ in range(4)]
    middle = [side / 2 + dice.uniform(-0.05, 0.05) * side for side in size]
    corners = []
    for (x, y), near in zip([(-wide, -high), (wide, -high), (wide, high), (-wide, high)], slip, strict=True):
        px, py = x * near * shrink, y * near * shrink
        corners.append(
            (
                middle[0] + px * math.cos(turn) - py * math.sin(turn),
                middle[1] + px * math.sin(turn) + py * math.cos(turn),
            )
        )
    return corners


def _lay(scene: Image.Image, label: Image.Image, corners: list[Point]) -> None:
    """Paste the label so that its corners come to lie on `corners`."""
    wide, high = label.size
    backwards = _projection(corners, [(0, 0), (wide, 0), (wide, high), (0, high)])
    how = (scene.size, Image.Transform.PERSPECTIVE, backwards, Image.Resampling.BICUBIC)
    scene.paste(label.transform(*how), mask=Image.new("L", label.size, 255).transform(*how))


def _projection(sources: list[Point], targets: list[Point]) -> list[float]:
    """Return the eight coefficients that map `sources` onto `targets` (Gauss-Jordan on an 8 x 8 system)."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(sources, targets, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for column in range(8):
        best = max(range(column, 8), key=lambda row: abs(rows[row][column]))
        rows[column], rows[best] = rows[best], rows[column]
        pivot = [value / rows[column][column] for value in rows[column]]
        rows = [
            pivot if row == column else [a - line[column] * b for a, b in zip(line, pivot, strict=True)]
            for row, line in enumerate(rows)
        ]
    return [row[8] for row in rows]


def _lens(scene: Image.Image, dice: random.Random, *, condition: str) -> Image.Image:
    """Blur, darken and add grain as the condition says; every photo has a little of each."""
    grown = scene.width / 1600
    radius = {"blurred": dice.uniform(1.6, 3.2), "combined": dice.uniform(0.8, 1.8)}.get(condition, 0.6)
    scene = scene.filter(ImageFilter.GaussianBlur(radius * grown))
    light = {"dim": dice.uniform(0.08, 0.3), "combined": dice.uniform(0.25, 0.6)}.get(condition, 1.0)
    shadow = Image.linear_gradient("L").rotate(dice.choice([0, 90, 180, 270])).resize(scene.size)
    dark = ImageEnhance.Brightness(scene).enhance(light)
    if condition in {"dim", "combined"}:
        dark = Image.composite(dark, ImageEnhance.Brightness(dark).enhance(0.45), shadow)
    grain = Image.frombytes("L", scene.size, dice.randbytes(scene.width * scene.height))
    return Image.blend(dark, grain, {"dim": 0.08, "combined": 0.07}.get(condition, 0.05))
