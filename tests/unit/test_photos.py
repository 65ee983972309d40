"""Pictures as people send them: what is on them is read, and what would hurt is refused."""

import asyncio
import io
import os
import random
import signal
from collections.abc import AsyncIterator

import pillow_heif
import pytest
import zxingcpp
from PIL import Image
from zxingcpp import BarcodeFormat

from benchmarks.label_photos import CONDITIONS, photo
from bot.photos import NotAPicture, PhotoProblem, Photos, PhotosBusy, PhotoTimeout, PhotoTooLarge
from domain.codes import Code, Kind, read, write

ORDER = write(Kind.ORDER, "WO-1001")


@pytest.fixture
async def photos() -> AsyncIterator[Photos]:
    reader = Photos()
    yield reader
    await reader.close()


def drawn(
    text: str, form: BarcodeFormat = BarcodeFormat.QRCode, *, scale: int = 4, gs1: bool = False
) -> Image.Image:
    """Draw a code with a white margin, as large as it is."""
    barcode = zxingcpp.create_barcode(text, form, gs1=True) if gs1 else zxingcpp.create_barcode(text, form)
    return Image.fromarray(barcode.to_image(scale=scale, add_quiet_zones=True)).convert("L")


def packed(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    """Return the bytes of a picture file."""
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def pid_of(reader: Photos) -> int:
    """Return the process id of the warm worker."""
    assert reader._worker is not None
    return reader._worker.pid


@pytest.mark.parametrize("condition", CONDITIONS)
async def test_labels_in_bad_conditions_are_read_and_nothing_else(photos: Photos, condition: str) -> None:
    label = photo(2, condition=condition)
    assert set((await photos.read(label.jpeg)).codes) == set(label.codes)


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        *(("JPEG", "RGB"), ("JPEG", "CMYK"), ("PNG", "1"), ("PNG", "LA"), ("PNG", "P"), ("WEBP", "RGB")),
        *(("GIF", "P"), ("BMP", "RGB"), ("HEIF", "RGB")),
    ],
)
async def test_every_format_and_colour_is_read(photos: Photos, form: str, mode: str) -> None:
    pillow_heif.register_heif_opener()
    assert (await photos.read(packed(drawn(ORDER).convert(mode), form))).codes == (ORDER,)


async def test_transparent_and_sixteen_bit_and_inverted_pictures(photos: Photos) -> None:
    code = drawn(ORDER)
    clear = Image.merge("LA", (Image.new("L", code.size, 0), code.point(lambda shade: 255 - shade)))
    deep = code.convert("I").point(lambda shade: shade * 257).convert("I;16")
    inverted = code.point(lambda shade: 255 - shade)
    for picture in (clear, deep, inverted):
        assert (await photos.read(packed(picture))).codes == (ORDER,)


async def test_twelve_codes_come_in_reading_order_each_once(photos: Photos) -> None:
    sheet = Image.new("L", (1600, 1200), 255)
    texts = [write(Kind.LOT, f"L-{number:02}", material="M-1") for number in range(12)]
    for number, text in enumerate(texts):
        sheet.paste(drawn(text), (40 + number % 4 * 400, 40 + number // 4 * 400))
    sheet.paste(drawn(texts[0], scale=3), (40 + 200, 40))
    assert (await photos.read(packed(sheet))).codes == tuple(texts)


async def test_a_phone_held_sideways_does_not_change_the_order(photos: Photos) -> None:
    sheet = Image.new("L", (1600, 1200), 255)
    for place, text in ((100, "BZ-LEFT"), (1100, "BZ-RIGHT")):
        sheet.paste(drawn(text, scale=8), (place, 500))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    sideways = sheet.transpose(Image.Transpose.ROTATE_90)
    assert (await photos.read(packed(sideways, "JPEG", exif=exif))).codes == ("BZ-LEFT", "BZ-RIGHT")


async def test_separators_come_through_unharmed(photos: Photos) -> None:
    reel = "[)>\x1e06\x1dP100-1\x1d1PMPN-1\x1dQ5000\x1d1TLOT-1\x1e\x04"
    seen = await photos.read(packed(drawn(reel, BarcodeFormat.DataMatrix)))
    assert seen.codes == (reel,)
    seen = await photos.read(
        packed(drawn("(01)07032069804988(10)LOT-7(21)SN9", BarcodeFormat.DataMatrix, gs1=True))
    )
    assert seen.codes == ("]d2010703206980498810LOT-7\x1d21SN9",)
    reading = read(seen.codes[0])
    assert isinstance(reading, Code)
    assert (reading.lot, reading.serial, reading.repaired) == ("LOT-7", "SN9", False)


async def test_a_picture_without_a_code_has_none(photos: Photos) -> None:
    assert (await photos.read(packed(Image.new("RGB", (640, 480), "navy")))).codes == ()
    assert (await photos.read(packed(Image.new("1", (1, 1))))).codes == ()


async def test_a_decompression_bomb_is_refused_by_its_header(photos: Photos) -> None:
    bomb = packed(Image.new("1", (9000, 9000)))
    assert len(bomb) < 10_240
    wide = packed(Image.new("L", (16_383, 1)), "WEBP")
    vp8x = b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x10\x00\x00\x00" + (b"\xff\x3f\x00") * 2
    for data in (bomb, vp8x + wide[30:], b"\xff\xd8\xff" + bytes(10_000_000)):
        with pytest.raises(PhotoTooLarge) as refusal:
            await photos.read(data)
        assert refusal.value.data()["limit"] in {"25 Mpx", "10 MB"}
    assert (await photos.read(packed(drawn(ORDER)))).codes == (ORDER,)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"%PDF-1.7 not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xff\xd8\xff" + b"garbage" * 100,
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"GIF89a" + bytes(3),
        b"BM" + bytes(60),
        b"\x00\x00\x00\x18ftypheic" + bytes(80),
        b"RIFF\x00\x00\x00\x00WEBPVP8X" + bytes(40),
        packed(Image.new("L", (64, 64)), "TIFF"),
        packed(Image.effect_mandelbrot((400, 300), (-2, -1, 1, 1), 50), "JPEG")[:2000],
    ],
    ids=range(12),
)
async def test_what_is_no_picture_is_refused(photos: Photos, data: bytes) -> None:
    with pytest.raises(NotAPicture):
        await photos.read(data)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "HEIF"])
async def test_damaged_files_end_in_an_answer_or_a_refusal(photos: Photos, form: str) -> None:
    pillow_heif.register_heif_opener()
    whole = packed(drawn(ORDER).convert("P" if form == "GIF" else "RGB"), form)
    dice = random.Random(form)  # noqa: S311 (damage, no secrets)
    for _ in range(15):
        data = bytearray(whole)
        for _ in range(dice.randrange(1, 12)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        try:
            codes = (await photos.read(bytes(data))).codes
        except PhotoProblem:
            continue
        assert codes in {(), (ORDER,)}


async def test_a_worker_killed_midway_is_replaced_and_the_picture_is_read_all_the_same(
    photos: Photos,
) -> None:
    await photos.read(packed(drawn(ORDER)))
    victim = pid_of(photos)
    os.kill(victim, signal.SIGSTOP)  # so that it is certainly in the middle
    reading = asyncio.create_task(photos.read(packed(drawn(ORDER))))
    await asyncio.sleep(0)
    os.kill(victim, signal.SIGKILL)
    assert (await reading).codes == (ORDER,)
    assert pid_of(photos) != victim


async def test_a_worker_that_takes_too_long_is_killed_and_replaced() -> None:
    photos = Photos(seconds=0.1, grace=30)
    await photos.read(packed(Image.new("1", (1, 1))))
    hanging = pid_of(photos)
    os.kill(hanging, signal.SIGSTOP)
    photos._grace = 0.1
    with pytest.raises(PhotoTimeout):
        await photos.read(packed(drawn(ORDER)))
    with pytest.raises(ProcessLookupError):
        os.kill(hanging, 0)
    photos._grace = 30
    assert (await photos.read(packed(drawn(ORDER)))).codes == (ORDER,)
    await photos.close()


async def test_an_answer_nobody_waits_for_is_not_given_to_the_next(photos: Photos) -> None:
    await photos.read(packed(drawn(ORDER)))
    os.kill(pid_of(photos), signal.SIGSTOP)
    given_up = asyncio.create_task(photos.read(packed(drawn("SOMETHING ELSE"))))
    await asyncio.sleep(0)
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    assert (await photos.read(packed(drawn(ORDER)))).codes == (ORDER,)


async def test_the_queue_is_bounded() -> None:
    photos = Photos(waiting=2)
    picture = packed(drawn(ORDER))
    results = await asyncio.gather(*(photos.read(picture) for _ in range(3)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == [
        "PhotoReading",
        "PhotoReading",
        "PhotosBusy",
    ]
    assert any(isinstance(result, PhotosBusy) and result.waiting == 2 for result in results)
    await photos.close()


async def test_close_leaves_no_process_and_no_door_open() -> None:
    photos = Photos()
    await photos.close()
    photos = Photos()
    await photos.read(packed(drawn(ORDER)))
    worker = pid_of(photos)
    await photos.close()
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
    with pytest.raises(RuntimeError):
        await photos.read(packed(drawn(ORDER)))


async def test_the_worker_has_limits_and_no_secrets(photos: Photos, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANZHANG_WECOM_BOT_SECRET", "do-not-tell")
    await photos.read(packed(drawn(ORDER)))
    with open(f"/proc/{pid_of(photos)}/environ", "rb") as environment:  # noqa: ASYNC230, PTH123 (a file of the kernel)
        assert b"do-not-tell" not in environment.read()
    with open(f"/proc/{pid_of(photos)}/limits") as limits:  # noqa: ASYNC230, PTH123 (a file of the kernel)
        rows = {line[:26].strip(): line[26:].split() for line in limits}
    assert rows["Max address space"][0] == str(1 << 30)
    assert rows["Max file size"][0] == "0"
    assert int(rows["Max cpu time"][0]) < 60
