"""The picture and the files of a card: uploaded before anything is shown, sent after the card."""

from dataclasses import dataclass
from typing import Final

import structlog

from bot.platforms.enclosures import NOT_UPLOADED, Enclosure, MediaPath, enclosures
from bot.platforms.http import WireError
from bot.platforms.wecom.app import outcomes
from bot.platforms.wecom.app.api import Api, ApiRefused
from bot.platforms.wecom.rendering.content import Content
from bot.platforms.wecom.upload import fits
from notifier.card import Card
from notifier.delivery import Outcome, Refused, Retry

log = structlog.get_logger(__name__)

_JPEG: Final = b"\xff\xd8\xff"


@dataclass(frozen=True, kw_only=True)
class Attached:
    """What follows the card, and the words for what could not be had."""

    contents: tuple[Content, ...] = ()
    notes: tuple[str, ...] = ()


class Attachments:
    """Turns what a card encloses into media ids of WeCom's."""

    def __init__(self, *, api: Api, media_path: MediaPath | None) -> None:
        self._api = api
        self._media_path = media_path

    async def of(self, card: Card, *, abridged: bool) -> Attached | Retry:
        """Upload what goes with the card (`abridged`: its whole text too); Retry if only later can help."""
        found = await enclosures(card, abridged=abridged, media_path=self._media_path)
        made = [one if isinstance(one, str) else await self._one(one) for one in found]
        for late in made:
            if isinstance(late, Retry):
                return late
        return Attached(
            contents=tuple(one for one in made if isinstance(one, Content)),
            notes=tuple(one for one in made if isinstance(one, str)),
        )

    async def _one(self, one: Enclosure) -> Content | Retry | str:
        if not fits(one.data, kind=one.kind):
            return NOT_UPLOADED[one.kind]
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
