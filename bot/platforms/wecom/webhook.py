"""Groups spoken to by their webhook (消息推送, 群机器人): a real @, 20 messages a minute, nothing heard.

Source: page 99110. The address is a secret: whoever has its key can post in the group.
"""

import asyncio
import base64
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

import httpx
import structlog
from aiohttp import web

from bot.platforms.base import Health, MediaRef, MediaUnavailable, State
from bot.platforms.enclosures import NOT_UPLOADED, Enclosure, MediaPath, enclosures
from bot.platforms.grouphook import GroupHook
from bot.platforms.http import Answer, WireError, call
from bot.platforms.wecom.app import outcomes
from bot.platforms.wecom.app.throttle import WEBHOOK, Throttle
from bot.platforms.wecom.doors import DoorName, door_of, hook_chat, inner
from bot.platforms.wecom.following import followed, plainly
from bot.platforms.wecom.rendering.content import Content
from bot.platforms.wecom.rendering.limits import Kind
from bot.platforms.wecom.rendering.speech import mentions_of, speech
from bot.platforms.wecom.upload import unfit
from domain.clock import Clock
from notifier.delivery import Delivered, Outcome, Outgoing, Refused, Retry

log = structlog.get_logger(__name__)

NAME: Final = "wecom hook"
MOST_IMAGE: Final = 2 * 1024 * 1024
UPLOAD_SECONDS: Final = 9.0
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
BAD_KEY: Final = 93000
NO_ADDRESS: Final = "这个群没有配置群机器人地址，或地址写错了"


class WebhookDoor:
    """Speaks in the groups that have a webhook; `api_url` is where a bare key belongs."""

    name: DoorName = "hook"

    def __init__(
        self,
        hooks: Collection[GroupHook],
        *,
        http: httpx.AsyncClient,
        clock: Clock,
        api_url: str,
        media_path: MediaPath | None = None,
    ) -> None:
        self._hooks = {hook.code: hook for hook in hooks}
        self._places = {
            hook.code: place(hook.address.get_secret_value(), api_url=api_url.rstrip("/")) for hook in hooks
        }
        self._http = http
        self._media_path = media_path
        self._throttle = Throttle(clock, limits=WEBHOOK)
        self._since = clock.now()
        self._troubles = {code: NO_ADDRESS for code, (_, key) in self._places.items() if not key}
        self._stopping = asyncio.Event()

    def __repr__(self) -> str:
        return f"<WebhookDoor {sorted(self._hooks)}>"

    async def run(self) -> None:
        """Wait for `stop`: nothing is held open."""
        await self._stopping.wait()

    async def stop(self) -> None:
        """Stop."""
        self._stopping.set()

    def routes(self) -> Sequence[web.RouteDef]:
        """Return nothing: a webhook does not call."""
        return ()

    def chat_of(self, chat_id: str) -> str:
        """Return the webhook's chat for the group `chat_id` of the AI bot; '' if it has none."""
        found = (code for code, hook in self._hooks.items() if hook.chat_id == chat_id)
        code = next(found, "")
        return hook_chat(code) if code else ""

    def group_of(self, chat_id: str) -> str:
        """Return by which id the AI bot knows the group of the webhook's chat; '' if it has no other."""
        hook = self._hooks.get(inner(chat_id))
        return hook.chat_id if hook and door_of(hook.chat_id) != "hook" else ""

    async def fetch(self, media: MediaRef) -> bytes:
        """Refuse: nothing comes this way."""
        raise MediaUnavailable(f"a webhook hears no {media.kind}", temporary=False)

    def health(self) -> Health:
        """Say which groups' webhooks are refused."""
        detail = "；".join(f"{code}：{why}" for code, why in sorted(self._troubles.items()))
        state = State.READY if self._hooks else State.OFF
        return Health(name=NAME, state=state, since=self._since, detail=detail)

    async def send(self, out: Outgoing) -> Outcome:
        """Say something in the group `hook:<code>`; never raises. A repeat cannot be known: no key here."""
        hook = self._hooks.get(inner(out.chat_id)) if door_of(out.chat_id) == "hook" else None
        if hook is None or not self._places[hook.code][1]:
            return Refused(reason=NO_ADDRESS)
        kind = _kind(out)
        said = speech(out, kind=kind, files=True)
        made, notes = await self._enclosed(hook, out, abridged=said.abridged)
        if notes:
            out = replace(out, card=replace(out.card, lines=(*out.card.lines, *notes)))
        said = speech(out, kind=kind, files=any(one.kind == "file" for one in made))
        outcome = await self._post(hook, said.messages[0])
        if not isinstance(outcome, Delivered):
            return outcome
        rest = [*said.messages[1:], *made]
        return await followed(outcome, rest, send=partial(self._post, hook), say=plainly, key=out.key)

    async def enclose(self, out: Outgoing, *, abridged: bool) -> Delivered:
        """Send what goes with a card that was said elsewhere; the note says what did not arrive."""
        hook = self._hooks.get(inner(out.chat_id))
        if hook is None or not self._places[hook.code][1]:
            return Delivered(note=NO_ADDRESS)
        made, notes = await self._enclosed(hook, out, abridged=abridged)
        first = Delivered(note="；".join(notes))
        return await followed(first, made, send=partial(self._post, hook), say=plainly, key=out.key)

    async def _post(self, hook: GroupHook, content: Content) -> Outcome:
        if wait := self._throttle.wait(hook.code):
            return Retry(reason="这个群的机器人一分钟只能发 20 条，稍后再发", after=wait, block=True)
        self._throttle.count(hook.code)
        try:
            answer = await self._ask(hook, "send", json=content.body())
        except WireError as failed:
            return outcomes.failure(failed, keyed=False)
        return self._judged(hook, answer)

    def _judged(self, hook: GroupHook, answer: Answer) -> Outcome:
        errcode = outcomes.errcode_of(answer)
        if errcode == 0:
            self._troubles.pop(hook.code, None)
            return Delivered()
        outcome = outcomes.refusal(answer, secrets=(self._places[hook.code][1],))
        if errcode == BAD_KEY and not isinstance(outcome, Delivered):
            self._troubles[hook.code] = outcome.reason
        if errcode == outcomes.TOO_OFTEN and isinstance(outcome, Retry):
            return self._throttle.blocked(outcome, whose=hook.code)
        return outcome

    async def _enclosed(
        self, hook: GroupHook, out: Outgoing, *, abridged: bool
    ) -> tuple[list[Content], list[str]]:
        """Return the picture and the files, uploaded, and words for what could not be had."""
        found = await enclosures(out.card, abridged=abridged, media_path=self._media_path)
        made = [one if isinstance(one, str) else await self._one(hook, one) for one in found]
        return [one for one in made if isinstance(one, Content)], [
            one for one in made if isinstance(one, str)
        ]

    async def _one(self, hook: GroupHook, one: Enclosure) -> Content | str:
        if one.kind == "image" and len(one.data) <= MOST_IMAGE and one.data.startswith(_PICTURES):
            return picture(one.data)
        if wrong := unfit(replace(one, kind="file")):
            return wrong
        try:
            files = {"media": (one.name, one.data)}
            answer = await self._ask(
                hook, "upload_media", seconds=UPLOAD_SECONDS, params={"type": "file"}, files=files
            )
        except WireError as failed:
            log.warning("wecom.hook_upload_failed", chat=hook.code, reason=str(failed))
            return NOT_UPLOADED[one.kind]
        media_id = answer.body.get("media_id")
        return Content(kind="file", data={"media_id": media_id}) if media_id else NOT_UPLOADED[one.kind]

    async def _ask(
        self, hook: GroupHook, act: str, *, params: Mapping[str, str] | None = None, **request: Any
    ) -> Answer:
        base, key = self._places[hook.code]
        query = {"key": key, **(params or {})}
        return await call(self._http, "POST", f"{base}/cgi-bin/webhook/{act}", params=query, **request)


def place(address: str, *, api_url: str) -> tuple[str, str]:
    """Return base URL and key of an address that is a whole URL or a bare key; ('', '') for neither."""
    try:
        url = httpx.URL(address if "://" in address else f"{api_url}/?key={address}")
    except httpx.InvalidURL:
        return "", ""
    key = url.params.get("key", "")
    return (f"{url.scheme}://{url.netloc.decode('ascii')}", key) if url.host and key else ("", "")


def picture(data: bytes) -> Content:
    """Return a picture as webhooks take it: in the message itself, with the MD5 of its bytes."""
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return Content(kind="image", data={"base64": base64.b64encode(data).decode(), "md5": digest})


def _kind(out: Outgoing) -> Kind:
    """Return the kind of message: text where somebody is rung, the newer Markdown where there is a table."""
    if mentions_of(out):
        return "webhook_text"
    return "webhook_markdown_v2" if out.card.table else "webhook_markdown"
