"""What the pretend WeCom says no with: error codes of the AI-bot socket, and the rule that was broken."""

from enum import IntEnum


class Code(IntEnum):
    """Error codes of the long connection; where a code is our guess the comment says so."""

    OK = 0
    BUSY = -1
    BAD_MEDIA = 40007
    BAD_TYPE = 40008
    BAD_PARAMETER = 40058
    EMPTY = 44004
    TOO_LONG = 45002
    TOO_OFTEN = 45009
    BAD_CARD_ACTION = 42045
    BAD_CHAT = 86001  # the page names no code for a chat in which nobody wrote yet: this one is our guess
    DEVICE = 600039
    BAD_REQ_ID = 846605
    STREAM_EXPIRED = 846608
    NOT_SUBSCRIBED = 846609
    BAD_SECRET = 853000  # "invalid bot_id or secret": seen by users, on no page of the documentation


class Refusal(Exception):
    """A frame that is answered with an error code.

    `rule` is the short name of the wire rule that the bot broke; empty when the cloud itself is at fault.
    """

    def __init__(self, code: int, message: str, *, rule: str = "") -> None:
        super().__init__(f"{int(code)} {message}")
        self.code = int(code)
        self.message = message
        self.rule = rule
