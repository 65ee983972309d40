"""How much each kind of message of WeCom holds, and what it can show: one table."""

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal[
    "markdown",
    "stream",
    "welcome",
    "app_text",
    "app_markdown",
    "app_reply",
    "webhook_text",
    "webhook_markdown",
    "webhook_markdown_v2",
]


@dataclass(frozen=True, kw_only=True)
class Form:
    """A kind of message: its `msgtype`, the most bytes (UTF-8) of its content, and what it can.

    `markup`: Markdown is shown; `tables`: its tables too; `rings`: how somebody is really mentioned (`tag`:
    `<@userid>` in the text, `list`: `mentioned_list` beside it); `hears`: who sends it is also spoken to.
    """

    msgtype: str
    most: int
    markup: bool = True
    tables: bool = False
    rings: Literal["", "tag", "list"] = ""
    hears: bool = True


FORMS: Final[dict[Kind, Form]] = {
    # AI bot: answers, pushes and `response_url` (101463, 101138), streams and the plain greeting (101031)
    "markdown": Form(msgtype="markdown", most=20480, tables=True),
    "stream": Form(msgtype="stream", most=20480, tables=True),
    "welcome": Form(msgtype="text", most=2048, markup=False),
    # self-built app: `message/send` (90236) and the passive XML answer (90241)
    "app_text": Form(msgtype="text", most=2048, markup=False),
    "app_markdown": Form(msgtype="markdown", most=2048),
    "app_reply": Form(msgtype="text", most=2048, markup=False),
    # group webhook (99110); the newer markdown_v2 has tables, but neither colours nor a real @
    "webhook_text": Form(msgtype="text", most=2048, markup=False, rings="list", hears=False),
    "webhook_markdown": Form(msgtype="markdown", most=4096, rings="tag", hears=False),
    "webhook_markdown_v2": Form(msgtype="markdown_v2", most=4096, tables=True, hears=False),
}

MOST_MENTIONS: Final = 20

# Template card `button_interaction` of AI bot (101032) and app (90236): characters, not bytes. They are what
# the pages recommend; beyond them clients cut without a word. Where the two differ, the smaller serves both.
TITLE: Final = 26
SUBTITLE: Final = 112
KEY_NAME: Final = 5
VALUE: Final = 26
MOST_ROWS: Final = 6
MOST_BUTTONS: Final = 6
BUTTON_TEXT: Final = 10
