"""Photos of labels to send, drawn at start: an order traveller, a lot label, a supplier's reel label."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import segno
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from domain import codes
from domain.playbook.master import MasterData

WIDTH, HEIGHT, EDGE = 720, 400, 32
CODE = HEIGHT - 2 * EDGE
INK, PAPER, FAINT = (24, 24, 27), (252, 252, 249), (120, 120, 126)
RECORD, GROUP, END = "\x1e", "\x1d", "\x1e\x04"


@dataclass(frozen=True, kw_only=True)
class Label:
    """A picture to send: file name, what it is (Chinese), PNG."""

    name: str
    title: str
    png: bytes


def make_labels(master: MasterData) -> tuple[Label, ...]:
    """Draw the labels of the plant's first orders and lots."""
    return tuple(_labels(master))


def _labels(master: MasterData) -> Iterator[Label]:
    for order in [it for it in master.orders if it.state == "released"][:1]:
        lines = (order.code, order.product, f"QTY {order.quantity}")
        yield _qr("traveller.png", "工单流转卡", codes.write(codes.Kind.ORDER, order.code), lines)
    for lot in [it for it in master.lots if it.state == "released"][:1]:
        lines = (lot.code, lot.material, f"QTY {lot.quantity}")
        text = codes.write(codes.Kind.LOT, lot.code, material=lot.material, quantity=lot.quantity)
        yield _qr("lot.png", "批次标签", text, lines)
    for lot in [it for it in master.lots if it.supplier_lot and it.quantity >= 1000][:1]:  # noqa: PLR2004 (a reel)
        fields = (f"P{lot.material}", f"1T{lot.supplier_lot}", f"Q{lot.quantity}", "4LCN")
        text = f"[)>{RECORD}06{GROUP}{GROUP.join(fields)}{END}"
        lines = (lot.material, f"LOT {lot.supplier_lot}", f"QTY {lot.quantity}")
        yield _drawn("reel.png", "料盘标签", _matrix(text), lines)


def _qr(name: str, title: str, text: str, lines: tuple[str, ...]) -> Label:
    file = io.BytesIO()
    segno.make(text, error="m", micro=False).save(file, kind="png", scale=8, border=0)
    return _drawn(name, title, Image.open(file), lines)


def _matrix(text: str) -> Image.Image:
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix)
    return Image.fromarray(barcode.to_image(scale=8, add_quiet_zones=False))


def _drawn(name: str, title: str, code: Image.Image, lines: tuple[str, ...]) -> Label:
    """Put the code at the left and what it says at the right."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    picture.paste(code.convert("RGB").resize((CODE, CODE), Image.Resampling.NEAREST), (EDGE, EDGE))
    draw, left = ImageDraw.Draw(picture), CODE + 2 * EDGE
    draw.rounded_rectangle((8, 8, WIDTH - 8, HEIGHT - 8), radius=16, outline=FAINT, width=2)
    for row, line in enumerate(lines):
        size = 40 if row == 0 else 28
        draw.text((left, EDGE + 24 + row * 76), line, fill=INK, font=ImageFont.load_default(size))
    file = io.BytesIO()
    picture.save(file, format="PNG", optimize=True)
    return Label(name=name, title=title, png=file.getvalue())
