"""Photos for talks: labels with codes, drawn here."""

import io

import zxingcpp
from PIL import Image

SIDE = 420


def photo(*codes: str) -> bytes:
    """Return a PNG with these texts as QR symbols side by side; without any, a grey wall."""
    canvas = Image.new("L", (SIDE * max(len(codes), 1), SIDE), 200)
    for place, code in enumerate(codes):
        symbol = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode)
        drawn = Image.fromarray(symbol.to_image(scale=6, add_quiet_zones=True))
        canvas.paste(drawn, (SIDE * place + 10, 10))
    file = io.BytesIO()
    canvas.save(file, "PNG")
    return file.getvalue()
