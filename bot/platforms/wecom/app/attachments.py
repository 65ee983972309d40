"""Pictures and files as media of the self-built app: uploaded before the card is shown, sent after it."""

from typing import Final

import structlog

from bot.platforms.enclosures import NOT_UPLOADED, Enclosure, MediaPath
from bot.platforms.http import WireError
from bot.platforms.uploads import Attached, Uploads
from bot.platforms.wecom.app import outcomes
from bot.platforms.wecom.app.api import Api, ApiRefused
from bot.platforms.wecom.rendering.content import Content
from bot.platforms.wecom.upload import unfit
from notifier.card import Card
from notifier.delivery import Outcome, Refused, Retry

log = structlog.get_logger(__name__)

_JPEG: Final = b"\xff\xd8\xff"


class Attachments:
    """Turns what a card encloses into media ids of WeCom's."""

    def __init__(self, *, api: Api, media_path: MediaPath | None) -> None:
        self._api = api
        self._uploads = Uploads(media_path=media_path)

    async def of(self, card: Card, *, key: str, abridged: bool) -> Attached[Content] | Retry:
        """Upload what goes with the message `key` (`abridged`: its whole text too); Retry: not now."""
        return await self._uploads.of(card, key=key, abridged=abridged, upload=self._one)

    async def _one(self, one: Enclosure) -> Content | Retry | str:
        if wrong := unfit(one):
            return wrong
        try:
            media_id = await self._api.upload(one.data, kind=one.kind, name=_name(one))
        except ApiRefused as refused:
            outcome: Outcome = outcomes.refusal(refused.answer, secrets=self._api.secrets)
        except WireError as failed:
            outcome = outcomes.failure(failed, keyed=False)
        else:
            return Content(kind=one.kind, data={"media_id": media_id})
        log.warning("wecom.app_upload_failed", kind=one.kind, outcome=type(outcome).__name__)
        if isinstance(outcome, Refused):
            return NOT_UPLOADED[one.kind]
        return outcome if isinstance(outcome, Retry) else Retry(reason="文件没有传完")


def _name(one: Enclosure) -> str:
    """Return a name with an ending: a picture of ours is named by its hash alone."""
    if "." in one.name:
        return one.name
    return f"{one.name}.{'jpg' if one.data.startswith(_JPEG) else 'png'}"
