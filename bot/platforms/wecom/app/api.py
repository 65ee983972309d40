"""Calls to the app's API with a token that is fetched once for all and renewed once when it is refused."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal

import httpx

from bot.platforms.base import MediaUnavailable
from bot.platforms.downloads import Downloads
from bot.platforms.http import (
    CALL_SECONDS,
    Answer,
    CredentialsRefused,
    NoAnswer,
    NotSent,
    Token,
    TokenCache,
    TokenFailed,
    WireError,
    call,
    safe_text,
)
from bot.platforms.wecom.app.config import AppConfig
from bot.platforms.wecom.app.outcomes import CREDENTIAL_CODES, TOKEN_CODES, errcode_of
from bot.platforms.wecom.upload import LARGEST, SMALLEST, UploadKind
from domain.clock import Clock

TOKEN_SECONDS: Final = 7200.0
_MOST_ERROR: Final = 2000  # bytes; an error is no longer, a file may well begin like one
_PASSING: Final = frozenset({-1, 45009, 45033, 60020})
_REFUSED: Final = (
    "企业微信不接受应用凭证，请检查 BANZHANG_WECOM_CORP_ID 和 BANZHANG_WECOM_AGENT_SECRET "
    "/ WeCom refused the corp id or secret"
)

Method = Literal["GET", "POST"]


class ApiRefused(WireError):
    """The API answered with a code that no one else can deal with; `answer` says which."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"errcode {errcode_of(answer)}")
        self.answer = answer


class Api:
    """The REST side of one self-built app."""

    def __init__(self, config: AppConfig, *, http: httpx.AsyncClient, clock: Clock) -> None:
        self._config = config
        self._http = http
        self._token = TokenCache(self._fetch_token, clock=clock)
        self._downloads = Downloads(http, bases=(config.api_url,))

    def __repr__(self) -> str:
        return f"<WeCom API of {self._config.corp_id}>"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything that no text may show."""
        return (self._config.secret.get_secret_value(), *self._token.secrets)

    async def ask(
        self,
        method: Method,
        path: str,
        *,
        seconds: float = CALL_SECONDS,
        params: Mapping[str, Any] = MappingProxyType({}),
        **request: Any,
    ) -> Answer:
        """Call `/cgi-bin/{path}`; raises WireError. A refused token is renewed once and never again."""
        answer = await self._ask(method, path, seconds=seconds, params=params, **request)
        if errcode_of(answer) in TOKEN_CODES:
            answer = await self._ask(method, path, seconds=seconds, params=params, **request)
        return answer

    async def _ask(
        self, method: Method, path: str, *, seconds: float, params: Mapping[str, Any], **request: Any
    ) -> Answer:
        token = await self._token.get()
        query = {"access_token": token, **params}
        answer = await call(self._http, method, self._url(path), seconds=seconds, params=query, **request)
        if errcode_of(answer) in TOKEN_CODES:
            self._token.drop(token)
        return answer

    async def right(self, method: Method, path: str, **request: Any) -> dict[str, Any]:
        """Call and return the body of an answer with errcode 0; raises ApiRefused or another WireError."""
        answer = await self.ask(method, path, **request)
        if errcode_of(answer) != 0:
            raise ApiRefused(answer)
        return answer.body

    async def upload(self, data: bytes, *, kind: UploadKind, name: str) -> str:
        """Upload a temporary medium (page 96484) and return its media id, good for 3 days; raises WireError.

        ValueError for what the platform would not take: 5 bytes and less, or more than the kind allows.
        """
        if not SMALLEST < len(data) <= LARGEST[kind]:
            raise ValueError(f"{len(data)} bytes are no {kind}")
        body = await self.right(
            "POST",
            "media/upload",
            seconds=self._config.timing.upload,
            params={"type": kind},
            files={"media": (name, data)},
        )
        return str(body.get("media_id", ""))

    async def download(self, media_id: str) -> bytes:
        """Return the bytes of a medium (page 96486); raises MediaUnavailable."""
        data = await self._download(media_id)
        if code_of(data) in TOKEN_CODES:
            data = await self._download(media_id)
        if code := code_of(data):
            raise MediaUnavailable(f"WeCom answered {code}", temporary=code in _PASSING)
        return data

    async def _download(self, media_id: str) -> bytes:
        try:
            token = await self._token.get()
        except WireError as failed:
            raise MediaUnavailable(f"no token ({failed})", temporary=True) from None
        query = httpx.QueryParams({"access_token": token, "media_id": media_id})
        data = await self._downloads.get(f"{self._url('media/get')}?{query}")
        if code_of(data) in TOKEN_CODES:
            self._token.drop(token)
        return data

    async def close(self) -> None:
        """Give up a token that is still being fetched."""
        await self._token.close()

    async def check(self) -> None:
        """Get a token; raises WireError (CredentialsRefused: id or secret are wrong)."""
        await self._token.get()

    async def _fetch_token(self) -> Token:
        query = {"corpid": self._config.corp_id, "corpsecret": self._config.secret.get_secret_value()}
        try:
            answer = await call(self._http, "GET", self._url("gettoken"), params=query)
        except (NotSent, NoAnswer) as failed:
            raise TokenFailed(str(failed)) from None  # no doubt about a message that has not left yet
        value, seconds = answer.body.get("access_token"), answer.body.get("expires_in")
        if isinstance(value, str) and value:
            lasts = float(seconds) if isinstance(seconds, int) and seconds > 0 else TOKEN_SECONDS
            return Token(value=value, seconds=lasts)
        said = safe_text(f"HTTP {answer.status} {errcode_of(answer)}", *self.secrets)
        if errcode_of(answer) in CREDENTIAL_CODES:
            raise CredentialsRefused(f"{_REFUSED} ({said})")
        raise TokenFailed(said)

    def _url(self, path: str) -> str:
        return f"{self._config.api_url.rstrip('/')}/cgi-bin/{path}"


def code_of(data: bytes) -> int | None:
    """Return the errcode of an error that came in place of a file (HTTP 200, a JSON object); None: a file."""
    if len(data) > _MOST_ERROR or not data.lstrip().startswith(b"{"):
        return None
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    code = found.get("errcode")
    return code if isinstance(code, int) and code else None
