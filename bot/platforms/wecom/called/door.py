"""The callback door of the AI bot, put together."""

import asyncio
from collections.abc import Sequence
from typing import Final

import httpx
from aiohttp import web

from bot.platforms.base import Health, Hear, MediaRef, State
from bot.platforms.downloads import Downloads
from bot.platforms.enclosures import MediaPath
from bot.platforms.wecom.called import hearing
from bot.platforms.wecom.called.calls import Calls
from bot.platforms.wecom.called.desk import Desk
from bot.platforms.wecom.called.voice import CallVoice
from bot.platforms.wecom.carrying import Carrier
from bot.platforms.wecom.config import WeComConfig
from bot.platforms.wecom.crypto import Envelopes
from bot.platforms.wecom.doors import DoorName
from bot.platforms.wecom.media import fetch
from domain.clock import Clock
from notifier.delivery import Outcome, Outgoing, Refused

_ON: Final = "智能机器人回调地址"
_BAD_KEY: Final = "智能机器人回调的 EncodingAESKey 不对：应该是 43 个字符"
_NO_PUSH: Final[dict[str, str]] = {
    "direct": "机器人用回调地址时不能主动发消息；要主动发给个人，请配置企业微信自建应用",
    "group": "机器人用回调地址时不能主动发消息；要主动发到群里，请给这个群配置群机器人",
}


class BotDoor:
    """Hears the AI bot's calls and answers them; it cannot speak unprompted (page 101031)."""

    name: DoorName = "bot"

    def __init__(
        self,
        config: WeComConfig,
        *,
        http: httpx.AsyncClient,
        hear: Hear,
        clock: Clock,
        node: str,
        media_path: MediaPath | None = None,
    ) -> None:
        self._config = config
        self._clock = clock
        self._since = clock.now()
        self._downloads = Downloads(http, bases=(config.api_url,))
        self._calls = Calls()
        self._stopping = asyncio.Event()
        self._voice = CallVoice(
            self._calls, config=config, http=http, clock=clock, node=node, media_path=media_path
        )
        self._desk: Desk | None = None
        if envelopes := _envelopes(config, clock=clock):
            self._desk = Desk(
                config, envelopes=envelopes, calls=self._calls, hear=hear, clock=clock, node=node
            )

    async def run(self) -> None:
        """Wait for `stop`: calls come by themselves."""
        await self._stopping.wait()

    async def stop(self) -> None:
        """Take no more calls, let those that wait go."""
        self._stopping.set()
        if self._desk is not None:
            self._desk.stopping = True
        self._calls.close()

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the bot's callback URL; none with a key that cannot be one."""
        return self._desk.routes() if self._desk else ()

    async def send(self, out: Outgoing) -> Outcome:
        """Answer, or refuse: there is no unprompted push by this door."""
        return await self.answer(out) or no_push(out)

    async def answer(self, out: Outgoing, *, carrier: Carrier | None = None) -> Outcome | None:
        """Answer on the call or its response_url; None if there is none (any more).

        What an answer cannot take along goes by the `carrier`; without one it is said to be missing.
        """
        return await self._voice.answer(out, carrier=carrier)

    async def fetch(self, media: MediaRef) -> bytes:
        """Return the decrypted, checked bytes of a picture or file; raises MediaUnavailable."""
        key = self._config.bot_aes_key.get_secret_value()
        pauses = self._config.timing.download_pauses
        return await fetch(
            hearing.keyed(media, aes_key=key), downloads=self._downloads, clock=self._clock, pauses=pauses
        )

    def health(self) -> Health:
        """Say that it is there; whether WeCom can reach it is seen by the last call."""
        if self._desk is None:
            return Health(name=self.name, state=State.REFUSED, since=self._since, detail=_BAD_KEY)
        state = State.STOPPED if self._stopping.is_set() else State.READY
        last = self._desk.called_at
        return Health(name=self.name, state=state, since=self._since, detail=_ON, last_frame_at=last)


def no_push(out: Outgoing) -> Refused:
    """Return why something cannot be said by this door, and what would help."""
    return Refused(reason=_NO_PUSH[out.chat_kind])


def _envelopes(config: WeComConfig, *, clock: Clock) -> Envelopes | None:
    token, key = config.bot_token.get_secret_value(), config.bot_aes_key.get_secret_value()
    try:
        return Envelopes(token=token, aes_key=key, receive_id="", clock=clock)
    except ValueError:
        return None
