"""The picture and the file of a card: uploaded before anything is shown, sent after the card."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from bot.platforms.http import WireError
from bot.platforms.wecom.app import outcomes
from bot.platforms.wecom.app.api import Api, ApiRefused
from bot.platforms.wecom.rendering.content import Content
from bot.platforms.wecom.upload import UploadKind, fits
from notifier.card import Card
from notifier.delivery import Outcome, Refused, Retry

log = structlog.get_logger(__name__)

MediaPath = Callable[[str], Path]
NOTES: Final[dict[str, str]] = {"image": "（图片没有传上去）", "file": "（附件没有传上去）"}


@dataclass(frozen=True, kw_only=True)
class Attached:
    """What follows the card, and the words for what could not be had."""

    contents: tuple[Content, ...] = ()
    note: str = ""


class Attachments:
    """Turns media files of ours into media ids of WeCom's."""

    def __init__(self, *, api: Api, media_path: MediaPath | None) -> None:
        self._api = api
        self._media_path = media_path

    async def of(self, card: Card) -> Attached | Retry:
        """Upload what the card names; Retry where only later can help."""
        wanted: list[tuple[UploadKind, str, str]] = [("image", card.image, "图片.png")] if card.image else []
        wanted += [("file", card.file.media, card.file.name)] if card.file else []
        contents, missing = [], []
        for kind, media, name in wanted:
            content = await self._one(media, kind=kind, name=name)
            if isinstance(content, Retry):
                return content
            contents += [content] if content else []
            missing += [] if content else [NOTES[kind]]
        return Attached(contents=tuple(contents), note="".join(missing))

    async def _one(self, media: str, *, kind: UploadKind, name: str) -> Content | Retry | None:
        data = await self._bytes(media)
        if data is None or not fits(data, kind=kind):
            return None
        try:
            media_id = await self._api.upload(data, kind=kind, name=name)
        except ApiRefused as refused:
            outcome: Outcome = outcomes.refusal(refused.answer, secrets=self._api.secrets)
        except WireError as failed:
            outcome = outcomes.failure(failed, keyed=False)
        else:
            return Content(kind=kind, data={"media_id": media_id})
        log.warning("wecom.app_upload_failed", kind=kind, outcome=type(outcome).__name__)
        if isinstance(outcome, Refused):
            return None
        return outcome if isinstance(outcome, Retry) else Retry(reason="文件没有传完")

    async def _bytes(self, media: str) -> bytes | None:
        try:
            path = self._media_path(media) if self._media_path else None
            return await asyncio.to_thread(path.read_bytes) if path else None
        except (OSError, ValueError) as error:
            log.warning("wecom.media_unreadable", media=media, error=type(error).__name__)
            return None
