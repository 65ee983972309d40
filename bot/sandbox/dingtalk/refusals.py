"""How DingTalk says no: new API (HTTP status, word) and old API (HTTP 200, errcode)."""

import uuid
from typing import Any, Literal

from aiohttp import web

Style = Literal["api", "oapi"]


class Refusal(Exception):
    """The door says no: new style a word with an HTTP status, old style a number with HTTP 200."""

    def __init__(
        self, code: str | int, message: str, *, status: int = 400, detail: dict[str, Any] | None = None
    ) -> None:
        super().__init__(f"{code} {message}")
        self.code, self.message, self.status, self.detail = code, message, status, detail or {}

    def answer(self, style: Style) -> web.Response:
        """Return the answer as it goes over the wire."""
        if style == "oapi":
            return web.json_response({"errcode": self.code, "errmsg": self.message, **self.detail})
        body: dict[str, Any] = {"requestid": str(uuid.uuid4()).upper(), "code": self.code}
        return web.json_response(body | {"message": self.message, **self.detail}, status=self.status)


def bad_json(style: Style) -> Refusal:
    """Return what a body that is no JSON object gets."""
    return (
        Refusal(40035, "缺少参数 json")
        if style == "oapi"
        else Refusal("InvalidParameter", "body is not JSON")
    )


def bad_content_type(style: Style) -> Refusal:
    """Return what a body of another type gets."""
    if style == "oapi":
        return Refusal(43004, "无效的HTTP HEADER Content-Type")
    return Refusal("UnsupportedMediaType", "Content-Type", status=415)


def bad_token(style: Style, *, status: int = 400) -> Refusal:
    """Return what an unknown or expired access token gets."""
    code = 40014 if style == "oapi" else "InvalidAuthentication"
    return Refusal(code, "不合法的access_token", status=status)


def too_fast(style: Style) -> Refusal:
    """Return what a call beyond the app's rate gets."""
    if style == "oapi":
        return Refusal(90018, "您的企业应用调用钉钉开放平台当前接口的所有请求都被暂时禁用了")
    code = "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"
    return Refusal(code, "您的企业应用调用钉钉开放平台当前接口的所有请求都被暂时禁用了", status=403)


def over_quota(style: Style) -> Refusal:
    """Return what a call beyond the month's quota gets."""
    if style == "oapi":
        return Refusal(90020, "企业调用量已达上限")
    return Refusal("Forbidden.AccessDenied.ApiCountLimitForOrg", "企业调用量已达上限", status=403)


def no_permission(style: Style, scope: str) -> Refusal:
    """Return what an application without this permission gets."""
    if style == "oapi":
        said = f"应用尚未开通所需的权限：[{scope}]"
        return Refusal(88, "ding talk error", detail={"sub_code": "60011", "sub_msg": said})
    code = "Forbidden.AccessDenied.AccessTokenPermissionDenied"
    detail = {"accessdenieddetail": {"requiredScopes": [scope]}}
    return Refusal(code, f"应用尚未开通所需的权限：[{scope}]", status=403, detail=detail)


def wrong_credentials(door: str) -> Refusal:
    """Return what a wrong client id or secret gets at this door."""
    if door == "open":
        return Refusal("authFailed", "鉴权失败", status=401)
    if door == "gettoken":
        return Refusal(40089, "不合法的corpid或corpsecret")
    return Refusal("invalidClientIdOrSecret", "无效的clientId或者clientSecret")
