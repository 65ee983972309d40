"""What the pretend API says no with (page 90313)."""

from aiohttp import web

BUSY = -1
BAD_SECRET = 40001
BAD_USER = 40003
BAD_FILE_TYPE = 40004
BAD_FILE_SIZE = 40006
BAD_MEDIA = 40007
BAD_TYPE = 40008
BAD_CORP = 40013
BAD_TOKEN = 40014
NO_TOKEN = 41001
OLD_TOKEN = 42001
BAD_PARAMETER = 40058
EMPTY = 44004
TOO_LONG = 45002
TOO_OFTEN = 45009
NO_MENU = 46003
NOT_TRUSTED = 60020
NOBODY = 81013
BAD_HOOK = 93000
OTHER_AGENT = 301002
BAD_MD5 = 301019


class ApiRefusal(Exception):
    """An answer with an errcode; `rule` is the wire rule that the bot broke, '' where it broke none."""

    def __init__(self, code: int, message: str, *, rule: str = "") -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message
        self.rule = rule

    def answer(self) -> web.Response:
        """Return it as the API does: HTTP 200 and the code in the body."""
        return web.json_response({"errcode": self.code, "errmsg": self.message})
