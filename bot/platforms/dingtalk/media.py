"""Pictures and files: fetched by their download code, uploaded for a media id."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import structlog

from bot.platforms.base import MediaRef, MediaUnavailable
from bot.platforms.dingtalk.api import Api
from bot.platforms.dingtalk.codes import Fate
from bot.platforms.dingtalk.outcomes import judge
from bot.platforms.dingtalk.payload import text_of
from bot.platforms.downloads import Downloads
from bot.platforms.http import CredentialsRefused, WireError
from notifier.delivery import Outcome, Refused

log = structlog.get_logger()

UploadKind = Literal["image", "file"]
MAX_UPLOAD = 20 * 1024 * 1024
PICTURES = {b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg", b"GIF8": ".gif", b"BM": ".bmp"}  # what it takes
REMEMBERED = 500  # media ids do not expire, so a picture sent to five groups is uploaded once


class UploadFailed(Exception):
    """A file could not be uploaded; `outcome` says what that means for the message it belongs to."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.__class__.__name__)
        self.outcome = outcome


class Media:
    """Fetches what came with a message and uploads what goes with one."""

    def __init__(
        self, api: Api, *, downloads: Downloads, media_path: Callable[[str], Path] | None = None
    ) -> None:
        self._api = api
        self._downloads = downloads
        self.path = media_path
        self._known: OrderedDict[str, str] = OrderedDict()

    async def fetch(self, media: MediaRef) -> bytes:
        """Return the bytes; raises MediaUnavailable. The second code is tried when the first is gone."""
        codes = [code for code in media.ref.get("codes", ()) if isinstance(code, str)]
        failure = MediaUnavailable("the message names no download code", temporary=False)
        for code in codes:
            try:
                return await self._downloads.get(await self._address(code, str(media.ref.get("robot", ""))))
            except MediaUnavailable as unavailable:
                failure = unavailable
        raise failure

    async def _address(self, code: str, robot: str) -> str:
        body = {"downloadCode": code, "robotCode": robot}
        try:
            answer = await self._api.ask("POST", "/v1.0/robot/messageFiles/download", body)
        except WireError as failure:
            temporary = not isinstance(failure, CredentialsRefused)
            raise MediaUnavailable(str(failure), temporary=temporary) from None
        if address := text_of(answer.body, "downloadUrl"):
            return address
        verdict = judge(answer, *self._api.secrets)
        raise MediaUnavailable(verdict.reason or "no address", temporary=verdict.fate is not Fate.REFUSED)

    async def picture(self, name: str) -> str:
        """Return the media id of one of our pictures, by its hash-name; empty if it cannot be had."""
        if name in self._known:
            self._known.move_to_end(name)
            return self._known[name]
        if self.path is None:
            return ""
        try:
            data = await asyncio.to_thread(self.path(name).read_bytes)
            media_id = await self.upload("image", name, data)
        except (OSError, ValueError, WireError, UploadFailed) as failure:
            log.warning("dingtalk.picture_not_uploaded", picture=name, error=type(failure).__name__)
            return ""
        self._remember(name, media_id)
        return media_id

    def _remember(self, name: str, media_id: str) -> None:
        self._known[name] = media_id
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    async def upload(self, kind: UploadKind, name: str, data: bytes) -> str:
        """Upload bytes as `image` or `file` and return the media id; raises UploadFailed or WireError."""
        if wrong := unfit(kind, data):
            raise UploadFailed(Refused(reason=wrong))
        answer = await self._api.upload(kind, _named(name, data) if kind == "image" else name, data)
        if media_id := text_of(answer.body, "media_id"):
            return media_id
        verdict = judge(answer, *self._api.secrets)
        raise UploadFailed(verdict.outcome(idempotent=True))  # an upload that is done twice harms nobody


def unfit(kind: UploadKind, data: bytes) -> str:
    """Say why these bytes cannot be uploaded, or nothing: empty, over 20 MB, or no picture that it takes."""
    if not data:
        return "文件是空的"
    if len(data) > MAX_UPLOAD:
        return "文件超过 20 MB"
    if kind == "image" and not any(data.startswith(magic) for magic in PICTURES):
        return "钉钉只收 JPG、PNG、GIF、BMP 图片"
    return ""


def _named(name: str, data: bytes) -> str:
    """Return the file name with the ending that its bytes demand: DingTalk judges a picture by that."""
    ending = next((ending for magic, ending in PICTURES.items() if data.startswith(magic)), "")
    return name if name.lower().endswith(ending) else name + ending
