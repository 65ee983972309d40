"""Calls to DingTalk's API with a token that is fetched once and renewed when it is no longer taken."""

from typing import Any

import httpx

from bot.platforms.dingtalk.codes import Fate
from bot.platforms.dingtalk.config import DingTalkConfig
from bot.platforms.dingtalk.outcomes import judge
from bot.platforms.dingtalk.payload import text_of
from bot.platforms.http import (
    Answer,
    CredentialsRefused,
    NoAnswer,
    NotSent,
    Token,
    TokenCache,
    TokenFailed,
    call,
    safe_text,
)
from domain.clock import Clock

TOKEN_HEADER = "x-acs-dingtalk-access-token"  # noqa: S105 (the name of a header)
TOKEN_SECONDS = 7200.0
UPLOAD_SECONDS = 9.0
REFUSED_WORDS = (
    "钉钉不接受应用凭证，请检查 BANZHANG_DINGTALK_CLIENT_ID 和 BANZHANG_DINGTALK_CLIENT_SECRET "
    "/ DingTalk refused the client id or secret"
)
_WRONG_CREDENTIALS = {"40089", "40001", "invalidClientIdOrSecret", "invalidClientId", "invalidClientSecret"}


class Api:
    """The REST side of DingTalk for one application."""

    def __init__(self, config: DingTalkConfig, *, http: httpx.AsyncClient, clock: Clock) -> None:
        self._config = config
        self._http = http
        self._new = TokenCache(self._fetch_new, clock=clock)
        self._old = TokenCache(self._fetch_old, clock=clock)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything that no text may show."""
        secret = self._config.client_secret.get_secret_value()
        return (secret, *self._new.secrets, *self._old.secrets)

    async def token(self) -> str:
        """Return a good token; raises WireError."""
        return await self._new.get()

    async def ask(self, method: str, path: str, body: dict[str, Any]) -> Answer:
        """Call the new API (`/v1.0/...`); raises WireError. A refused token is renewed once."""
        answer = await self._ask(method, path, body)
        if judge(answer).fate is Fate.TOKEN:
            answer = await self._ask(method, path, body)
        return answer

    async def _ask(self, method: str, path: str, body: dict[str, Any]) -> Answer:
        token = await self._new.get()
        url, headers = self._config.api_url.rstrip("/") + path, {TOKEN_HEADER: token}
        answer = await call(self._http, method, url, json=body, headers=headers)
        if judge(answer).fate is Fate.TOKEN:
            self._new.drop(token)
        return answer

    async def say(self, webhook: str, body: dict[str, Any]) -> Answer:
        """Post to a sessionWebhook, which needs no token; raises WireError."""
        return await call(self._http, "POST", webhook, json=body)

    async def upload(self, kind: str, name: str, data: bytes) -> Answer:
        """Upload a file (`image` or `file`); raises WireError. A refused token is renewed once."""
        form: dict[str, Any] = {"data": {"type": kind}, "files": {"media": (name, data)}}
        return await self.old("POST", "/media/upload", seconds=UPLOAD_SECONDS, params={"type": kind}, **form)

    async def old(self, method: str, path: str, **request: Any) -> Answer:
        """Call the old API (`/topapi/...`); raises WireError. A refused token is renewed once."""
        answer = await self._ask_old(method, path, **request)
        if judge(answer).fate is Fate.TOKEN:
            answer = await self._ask_old(method, path, **request)
        return answer

    async def _ask_old(
        self, method: str, path: str, *, params: dict[str, Any] | None = None, **request: Any
    ) -> Answer:
        cache = self._new if self._config.oapi_token == "new" else self._old  # noqa: S105 (which kind)
        token = await cache.get()
        url, query = self._config.oapi_url.rstrip("/") + path, {"access_token": token, **(params or {})}
        answer = await call(self._http, method, url, params=query, **request)
        if judge(answer).fate is Fate.TOKEN:
            cache.drop(token)
        return answer

    async def _fetch_new(self) -> Token:
        body = {
            "appKey": self._config.client_id,
            "appSecret": self._config.client_secret.get_secret_value(),
        }
        url = self._config.api_url.rstrip("/") + "/v1.0/oauth2/accessToken"
        answer = await self._fetch("POST", url, json=body)
        return self._token(answer, text_of(answer.body, "accessToken"), answer.body.get("expireIn"))

    async def _fetch_old(self) -> Token:
        params = {
            "appkey": self._config.client_id,
            "appsecret": self._config.client_secret.get_secret_value(),
        }
        answer = await self._fetch("GET", self._config.oapi_url.rstrip("/") + "/gettoken", params=params)
        return self._token(answer, text_of(answer.body, "access_token"), answer.body.get("expires_in"))

    async def _fetch(self, method: str, url: str, **request: Any) -> Answer:
        """Ask for a token; a lost answer is no doubt about the message, which has not left yet."""
        try:
            return await call(self._http, method, url, **request)
        except (NotSent, NoAnswer) as failure:
            raise TokenFailed(str(failure)) from None

    def _token(self, answer: Answer, value: str, seconds: Any) -> Token:
        if value:
            good = isinstance(seconds, int | float) and seconds > 0
            return Token(value=value, seconds=float(seconds) if good else TOKEN_SECONDS)
        code = text_of(answer.body, "code") or text_of(answer.body, "errcode")
        said = safe_text(f"HTTP {answer.status} {code}", *self.secrets)
        if code in _WRONG_CREDENTIALS or (answer.status in {401, 403} and "limit" not in code.lower()):
            raise CredentialsRefused(f"{REFUSED_WORDS} ({said})")
        raise TokenFailed(said)
