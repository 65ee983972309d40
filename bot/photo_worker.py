"""The child process of bot/photos.py: pictures in on stdin, codes out on stdout, under limits of its own.

Started by `python -m bot.photo_worker`, ends when stdin does.
"""

import json
import math
import os
import resource
import sys
import time
import warnings
from typing import BinaryIO

import pillow_heif

from bot.photo_decode import NoPicture, Sizes, TooManyPixels
from bot.photo_frames import HEADER, LENGTH
from bot.photo_stages import find

MEMORY_BYTES = 1 << 30
NICENESS = 10  # a photo may wait, the event loop may not


def main() -> None:
    """Serve pictures until stdin ends."""
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not stand among the frames
    limit_myself()
    warnings.simplefilter("ignore")
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.register_heif_opener(thumbnails=False)
    while header := _exactly(sys.stdin.buffer, HEADER.size):
        length, milliseconds = HEADER.unpack(header)
        answer = json.dumps(
            answer_to(_exactly(sys.stdin.buffer, length), seconds=milliseconds / 1000)
        ).encode()
        replies.write(LENGTH.pack(len(answer)) + answer)
        replies.flush()


def limit_myself() -> None:
    """Bound memory, files and core dumps of this process, and let everybody else go first."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICENESS)


def limit_processor(seconds: float) -> None:
    """Let the kernel end this process when the next picture has used so many processor seconds more."""
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used + seconds) + 1, hard))


def answer_to(data: bytes, *, seconds: float) -> dict[str, object]:
    """Return `{"codes": [...], "looks": n}` or `{"error": "pixels" | "not_a_picture"}`."""
    limit_processor(2 * seconds)
    until = time.process_time() + seconds  # not the clock: on a busy machine the same is found, only later
    try:
        sights, looks = find(Sizes(data), in_time=lambda: time.process_time() < until)
    except (TooManyPixels, MemoryError):
        return {"error": "pixels"}
    except NoPicture:
        return {"error": "not_a_picture"}
    return {"codes": [sight.text for sight in sights], "looks": looks}


def _exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    return data if len(data) == length else b""


if __name__ == "__main__":
    main()
