"""Reads the codes on a picture in a child process that has limits, so that no picture can hurt the bot."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass, fields
from pathlib import Path

from bot.photo_frames import HEADER, LENGTH

MAX_BYTES = 10_000_000
SECONDS = 4.0  # of the processor: no further view is looked at after this
GRACE = 12.0  # and this long by the clock, for the last view and a busy machine; then the worker is killed
MAX_WAITING = 32
PICTURES_PER_WORKER = 200  # then a fresh one: libraries in C leak a little
ROOT = Path(__file__).resolve().parent.parent
HEADS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"BM")
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")


@dataclass(frozen=True, kw_only=True)
class PhotoReading:
    """The codes of a picture: each text once, from top to bottom and left to right; `looks` = views it took.

    A GS1 code begins with its symbology identifier (`]C1`, `]d2`, `]Q3`), all others are the bare text.
    """

    codes: tuple[str, ...]
    looks: int = 0


@dataclass(eq=False)
class PhotoProblem(Exception):
    """A picture that was not read; the words are made where they are said."""

    def data(self) -> dict[str, object]:
        """Return what a sentence about it may name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(eq=False)
class PhotoTooLarge(PhotoProblem):
    """More than 10 MB or 25 million pixels, or more memory than the worker may have."""

    limit: str


@dataclass(eq=False)
class NotAPicture(PhotoProblem):
    """Not JPEG, PNG, WEBP, GIF, BMP or HEIC, or broken."""


@dataclass(eq=False)
class PhotoTimeout(PhotoProblem):
    """Decoding took too long and was stopped."""

    seconds: float


@dataclass(eq=False)
class PhotosBusy(PhotoProblem):
    """Too many pictures are waiting already."""

    waiting: int


class Photos:
    """A reader of pictures with one warm worker; pictures wait their turn, at most `waiting` of them.

    The worker is started by the first picture and replaced when it dies or takes too long. Close it at last.
    """

    def __init__(self, *, seconds: float = SECONDS, grace: float = GRACE, waiting: int = MAX_WAITING) -> None:
        self._seconds = seconds
        self._grace = grace
        self._most = waiting
        self._waiting = 0
        self._turn = asyncio.Lock()
        self._worker: Process | None = None
        self._pictures = 0
        self._closed = False

    async def read(self, image: bytes) -> PhotoReading:
        """Return the codes on a picture (none: an empty tuple); raises a PhotoProblem."""
        _refuse_at_sight(image)
        if self._waiting >= self._most:
            raise PhotosBusy(waiting=self._waiting)
        self._waiting += 1
        try:
            async with self._turn:
                return await self._read(image)
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """Let the worker finish what it is at and end it; pictures that wait are not read."""
        self._closed = True
        async with self._turn:
            await self._retire()

    async def _read(self, image: bytes) -> PhotoReading:
        """Ask the worker; one that was killed by somebody else is replaced and asked again, once."""
        for last in (False, True):
            try:
                return _reading(await self._ask(image))
            except (asyncio.IncompleteReadError, ConnectionError) as death:
                code = await self._dismiss()
                if code == -signal.SIGXCPU:
                    raise PhotoTimeout(seconds=self._seconds) from death
                if last:
                    raise NotAPicture from death
        raise AssertionError("the second round returns or raises")

    async def _ask(self, image: bytes) -> bytes:
        worker = await self._warm()
        try:
            async with asyncio.timeout(self._seconds + self._grace):
                return await _exchange(worker, image, milliseconds=int(self._seconds * 1000))
        except TimeoutError as late:
            await self._dismiss()
            raise PhotoTimeout(seconds=self._seconds + self._grace) from late
        except asyncio.CancelledError:
            await self._dismiss()  # it stands in the middle of a frame
            raise

    async def _warm(self) -> Process:
        if self._closed:
            raise RuntimeError("the reader of pictures is closed")
        if self._pictures >= PICTURES_PER_WORKER:
            await self._retire()
        if self._worker is None:
            self._worker = await _start()
            self._pictures = 0
        self._pictures += 1
        return self._worker

    async def _retire(self) -> None:
        """End the worker by closing its input; kill it if it does not listen."""
        worker = self._worker
        if worker is None or worker.stdin is None:
            return
        worker.stdin.close()
        try:
            async with asyncio.timeout(2):
                await worker.wait()
        except TimeoutError:
            pass
        finally:
            await self._dismiss()

    async def _dismiss(self) -> int | None:
        """Kill the worker, wait until it is gone and say how it ended."""
        worker, self._worker = self._worker, None
        if worker is None:
            return None
        if worker.returncode is None:
            worker.kill()
        if worker.stdin is not None:
            worker.stdin.close()
        return await worker.wait()


async def _start() -> Process:
    """Start a worker: an empty environment (it needs no secret), a session of its own (no Ctrl-C)."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.photo_worker"),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        cwd=ROOT,
        env={},
        start_new_session=True,
    )


async def _exchange(worker: Process, image: bytes, *, milliseconds: int) -> bytes:
    """Send a picture and wait for the answer; IncompleteReadError or ConnectionError if the worker dies."""
    if worker.stdin is None or worker.stdout is None:
        raise ConnectionError("a worker without pipes")
    worker.stdin.write(HEADER.pack(len(image), milliseconds) + image)
    await worker.stdin.drain()
    (length,) = LENGTH.unpack(await worker.stdout.readexactly(LENGTH.size))
    return await worker.stdout.readexactly(length)


def _reading(answer: bytes) -> PhotoReading:
    said = json.loads(answer)
    if said.get("error") == "pixels":
        raise PhotoTooLarge(limit="25 Mpx")
    if "error" in said:
        raise NotAPicture
    return PhotoReading(codes=tuple(said["codes"]), looks=said["looks"])


def _refuse_at_sight(image: bytes) -> None:
    if len(image) > MAX_BYTES:
        raise PhotoTooLarge(limit="10 MB")
    webp = image[:4] == b"RIFF" and image[8:12] == b"WEBP"
    heif = image[4:8] == b"ftyp" and image[8:12] in HEIF_BRANDS
    if not (webp or heif or image.startswith(HEADS)):
        raise NotAPicture
