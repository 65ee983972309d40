"""Uploads a picture or file over the socket: init, chunks two at a time, finish; gives a media id for 3 days.

Source: aibot page 101463. More than two chunks side by side made the server answer "system error" (comment
in the vendor's Node SDK); chunks are counted from 0, as that SDK sends them.
"""

import asyncio
import base64
import hashlib
from typing import Final, Literal

from bot.platforms.enclosures import NOT_UPLOADED, TOO_LARGE, Enclosure
from bot.platforms.wecom import frames
from bot.platforms.wecom.frames import Frame
from bot.platforms.wecom.link import Link

UploadKind = Literal["image", "file", "voice", "video"]

CHUNK: Final = 512 * 1024
SIDE_BY_SIDE: Final = 2
PIECE_SECONDS: Final = 9.0  # two pieces are 1.4 MB on the wire: a firm's line may need longer than an answer
SMALLEST: Final = 5  # bytes; a file must be larger
LARGEST: Final[dict[UploadKind, int]] = {
    "image": 10 * 1024 * 1024,
    "video": 10 * 1024 * 1024,
    "voice": 2 * 1024 * 1024,
    "file": 20 * 1024 * 1024,
}


class UploadRefused(Exception):
    """The server answered a step of the upload with an error; `answer` says which."""

    def __init__(self, answer: Frame) -> None:
        super().__init__(f"upload refused: {answer.errcode}")
        self.answer = answer


def fits(content: bytes, *, kind: UploadKind) -> bool:
    """Whether the platform takes so many bytes of this kind."""
    return SMALLEST < len(content) <= LARGEST[kind]


def unfit(one: Enclosure) -> str:
    """Return the words for what the platform takes in no case; '' for what it may take."""
    if fits(one.data, kind=one.kind):
        return ""
    return TOO_LARGE[one.kind] if one.data[SMALLEST:] else NOT_UPLOADED[one.kind]


async def upload(link: Link, content: bytes, *, kind: UploadKind, name: str) -> str:
    """Return the media id of `content`; raises UploadRefused, NotSent or AckLost (nothing was shown yet)."""
    chunks = [content[at : at + CHUNK] for at in range(0, len(content), CHUNK)]
    digest = await asyncio.to_thread(_md5, content)
    init = {
        "type": kind,
        "filename": name,
        "total_size": len(content),
        "total_chunks": len(chunks),
        "md5": digest,
    }
    upload_id = (await _step(link, frames.UPLOAD_INIT, init)).body.get("upload_id", "")
    places = asyncio.Semaphore(SIDE_BY_SIDE)

    async def send(index: int) -> None:
        async with places:
            data = base64.b64encode(chunks[index]).decode()
            body = {"upload_id": upload_id, "chunk_index": index, "base64_data": data}
            await _step(link, frames.UPLOAD_CHUNK, body)

    await _all_or_first_error([asyncio.create_task(send(index)) for index in range(len(chunks))])
    return str((await _step(link, frames.UPLOAD_FINISH, {"upload_id": upload_id})).body.get("media_id", ""))


async def _all_or_first_error(tasks: list[asyncio.Task[None]]) -> None:
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _step(link: Link, cmd: str, body: dict[str, object]) -> Frame:
    answer = await link.ask(cmd, body, within=PIECE_SECONDS)
    if answer.errcode:
        raise UploadRefused(answer)
    return answer


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
