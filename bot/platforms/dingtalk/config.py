"""What DingTalk needs to know of us, and how long it may take."""

from dataclasses import dataclass
from typing import Literal

from pydantic import SecretStr

from bot.platforms.grouphook import GroupHook

KNOWN_HOSTS = ("https://oapi.dingtalk.com", "https://api.dingtalk.com")
# "Markdown with buttons", one of the public templates that DingTalk's own SDK ships (card_instance.py).
MARKDOWN_BUTTONS = "1366a1eb-bc54-4859-ac88-517c56a9acb1.schema"


@dataclass(frozen=True, kw_only=True)
class DingTalkConfig:
    """The application's credentials and the addresses of the cloud.

    `cards` off sends every card as text. `card_value_bytes` is the most that one value of a card may hold
    (DingTalk's pages contradict each other: 1 KB each or 100 KB in all). `oapi_token` says which token the
    old addresses get: the `new` one, as the official SDK does, or one of `gettoken`. `events` subscribes to
    the organisation's events too. `public_url` is where DingTalk reaches us, for cards pressed over HTTP;
    `hooks` are the groups' custom robots.
    """

    client_id: str
    client_secret: SecretStr
    robot_code: str = ""
    api_url: str = "https://api.dingtalk.com"
    oapi_url: str = "https://oapi.dingtalk.com"
    card_template_id: str = MARKDOWN_BUTTONS
    cards: bool = True
    card_value_bytes: int = 1000
    oapi_token: Literal["new", "old"] = "new"  # noqa: S105 (which kind of token, not a token)
    events: bool = True
    public_url: str = ""
    hooks: tuple[GroupHook, ...] = ()

    @property
    def robot(self) -> str:
        """The robot's code; that of an application of one's own organisation is its client id."""
        return self.robot_code or self.client_id

    @property
    def private_api(self) -> bool:
        """Whether the API is spoken to without TLS, as a sandbox is; then its socket may be too."""
        return self.api_url.startswith("http://")


@dataclass(frozen=True, kw_only=True)
class Timings:
    """Seconds: how long a step may take, and how patient we are between steps.

    `in_hand` counts frames: so many may wait for a journal that hangs before more are refused.
    """

    open: float = 8.0  # connections/open
    handshake: float = 8.0  # WebSocket, TCP and TLS included
    heartbeat: float = 15.0  # between two pings of ours
    dead: float = 40.0  # neither frame nor pong for so long: the socket is dead
    idle: float = 900.0  # pongs but no frame for so long: have it replaced, it may be a zombie
    retire: float = 20.0  # an old socket is still read so long after its replacement stands
    stable: float = 30.0  # a socket that lived so long starts the back-off anew
    backoff_first: float = 1.0
    backoff_most: float = 60.0
    refused_first: float = 30.0  # wrong credentials: slow from the beginning
    refused_most: float = 300.0
    card_ack: float = 1.5  # DingTalk waits 2 s for the answer to a pressed button
    http_ack: float = 1.8  # and 2.5 s for the answer to a message by HTTP
    journal: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # before each new attempt to journal
    in_hand: int = 2000
    crowded: float = 5.0  # wait so long for a free place when too many frames are in hand
    stop: float = 4.0  # finish what is in hand
    close: float = 1.0  # wait for the other side's close frame
