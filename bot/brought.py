"""What comes with a message besides words: pictures and files are fetched, kept, decoded and read."""

import asyncio
from dataclasses import dataclass
from typing import Final

import structlog

from bot.bridge import Clerk
from bot.media import MediaStore
from bot.photos import Photos
from bot.platforms.base import Incoming, MediaRef, MediaUnavailable, Platform
from bot.tables import Posted, Tables, is_table

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Brought:
    """The codes on a message's pictures, the names of its files, and the table to be imported."""

    codes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    table: Posted | None = None

    def __add__(self, other: "Brought") -> "Brought":
        """Return both together: each code once, the first table."""
        return Brought(
            codes=tuple(dict.fromkeys(self.codes + other.codes)),
            files=self.files + other.files,
            table=self.table or other.table,
        )


NOTHING: Final = Brought()


class Porter:
    """Takes in what comes with messages, before they are handled."""

    def __init__(self, *, clerk: Clerk, photos: Photos, media: MediaStore) -> None:
        self._photos = photos
        self._media = media
        self._tables = Tables(clerk=clerk, media=media)

    async def take_in(self, platform: Platform, incoming: Incoming) -> Brought:
        """Return what a message brought; raises MediaUnavailable and PhotoProblem of its pictures.

        A file or a recording only goes with the message: if it cannot be had, what was said still counts.
        """
        brought = NOTHING
        for media in incoming.media:
            try:
                data = await platform.fetch(media)
            except MediaUnavailable as trouble:
                if media.kind == "image":
                    raise
                log.info("hear.file_unavailable", kind=media.kind, reason=trouble.reason)
                continue
            brought += await self._keep(media, data, incoming)
        return brought

    async def _keep(self, media: MediaRef, data: bytes, incoming: Incoming) -> Brought:
        """Keep the bytes, and read what they say."""
        files = (await asyncio.to_thread(self._media.keep, data),)
        if media.kind == "image":
            return Brought(files=files, codes=tuple((await self._photos.read(data)).codes))
        if media.kind == "file" and is_table(data, name=media.name, said=incoming.text):
            table = await self._tables.look(data, name=media.name, incoming=incoming)
            return Brought(files=files, table=table)
        return Brought(files=files)
