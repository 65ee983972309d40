"""The doors into WeCom behind one platform: what each must be, and which chat belongs to which.

A chat id says its door: `app:<userid>` is a person's chat with the self-built app, `hook:<chat name>` a group
that is only spoken to by its webhook; everything else (a group's chatid, a bare userid) is the AI bot's chat.
So the key of a chat stays `wecom:<chat id>`.
"""

from collections.abc import Sequence
from typing import Final, Literal, Protocol

from aiohttp import web

from bot.platforms.base import Health, MediaRef
from notifier.delivery import HOOK, Delivered, Outcome, Outgoing

DoorName = Literal["bot", "app", "hook"]
BOT_PATH: Final = "/callbacks/wecom/bot"
APP_PATH: Final = "/callbacks/wecom/app"
APP_DOOR: Final = "app"
"""`Outgoing.known_at` of what the app's duplicate check may know."""
_APP: Final = "app:"


def app_chat(userid: str) -> str:
    """Return the id of a person's chat with the self-built app."""
    return _APP + userid


def hook_chat(name: str) -> str:
    """Return the id of a group as its webhook knows it; `name` is that of the chat in the playbook."""
    return HOOK + name


def door_of(chat_id: str) -> DoorName:
    """Return the door that a chat belongs to."""
    return "app" if chat_id.startswith(_APP) else "hook" if chat_id.startswith(HOOK) else "bot"


def inner(chat_id: str) -> str:
    """Return what the platform itself calls the chat: the id without the name of its door."""
    return chat_id.partition(":")[2] if door_of(chat_id) != "bot" else chat_id


class Door(Protocol):
    """One way into WeCom and out of it, which any node can use.

    A picture that came by a door other than the AI bot's carries the door's name: `MediaRef.ref["door"]`.
    """

    name: DoorName

    async def run(self) -> None:
        """Keep up whatever must be kept up until `stop`; returns then and not before."""
        ...

    async def stop(self) -> None:
        """Finish what is in hand; returns within some 5 s."""
        ...

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the URLs on which WeCom calls this door; () if none."""
        ...

    async def send(self, out: Outgoing) -> Outcome:
        """Say something in a chat of this door (`out.chat_id` with its prefix); never raises.

        The slot of `out`, if any, is of this door's making; one that is expired or another node's does not
        count any more.
        """
        ...

    async def fetch(self, media: MediaRef) -> bytes:
        """Return the bytes of a picture or file that came by this door; raises MediaUnavailable."""
        ...

    def health(self) -> Health:
        """Say how this door is; `detail` is a few Chinese words for people."""
        ...


class Giver(Door, Protocol):
    """A door that can send files, also beside what was said by another door."""

    async def enclose(self, out: Outgoing, *, abridged: bool) -> Delivered:
        """Send only what goes with the card of `out`, and its whole text if `abridged`; never raises.

        The note says what did not arrive.
        """
        ...


class Hooks(Giver, Protocol):
    """The groups' webhooks: a door that only speaks."""

    def chat_of(self, chat_id: str) -> str:
        """Return the webhook's chat (`hook:…`) of the group that the bot knows by `chat_id`; '' if none."""
        ...

    def group_of(self, chat_id: str) -> str:
        """Return by which id the bot knows the group of a webhook's chat; '' if it has no other."""
        ...
