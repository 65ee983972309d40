"""The photos of labels that the chat page offers can be read, and say what the plant has."""

import io
from decimal import Decimal

import zxingcpp
from PIL import Image

from bot.sandbox.page.labels import make_labels
from domain import codes
from domain.playbook import load_master
from tests.plants import DEMO, demo

LABELS = make_labels(load_master(DEMO / "master", playbook=demo()))


def test_the_labels_can_be_read() -> None:
    found = {}
    for label in LABELS:
        texts = zxingcpp.read_barcodes(Image.open(io.BytesIO(label.png)), text_mode=zxingcpp.TextMode.Plain)
        found[label.name] = codes.read(texts[0].text)
    assert isinstance(found["traveller.png"], codes.Code)
    assert (found["traveller.png"].kind, found["traveller.png"].value) == (codes.Kind.ORDER, "WO-1001")
    assert isinstance(found["lot.png"], codes.Code)
    assert found["lot.png"].value == "LOT-0001"
    reel = found["reel.png"]
    assert isinstance(reel, codes.Code)
    assert (reel.material, reel.quantity) == ("R-0603-10K", Decimal(10000))
