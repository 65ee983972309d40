"""Pictures and files: download codes, presigned addresses, upload."""

from typing import Any

from aiohttp import BodyPartReader, web

from bot.sandbox.dingtalk import names
from bot.sandbox.dingtalk.desk import Call, Desk, Door
from bot.sandbox.dingtalk.names import Seals
from bot.sandbox.dingtalk.refusals import Refusal
from bot.sandbox.world import World

OSS_DENIED = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    "<Error><Code>AccessDenied</Code><Message>Request has expired.</Message></Error>"
)
ENDINGS = {
    "image": (".jpg", ".jpeg", ".gif", ".png", ".bmp"),
    "voice": (".amr", ".mp3", ".wav", ".ogg"),
    "video": (".mp4",),
    "file": (".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".zip", ".pdf", ".rar"),
}


class Media:
    """The doors that bytes pass."""

    def __init__(self, desk: Desk, world: World, *, seals: Seals, robot_code: str) -> None:
        self.url = ""  # http://host:port, set when the port is known
        self._desk, self._world, self._seals, self._robot_code = desk, world, seals, robot_code

    def doors(self) -> list[Door]:
        """Return the addresses."""
        download = "/v1.0/robot/messageFiles/download"
        return [
            Door(name="download", method="POST", path=download, handler=self._download),
            Door(
                name="file", method="GET", path="/files/{name}", handler=self._file, token=False, json=False
            ),
            Door(
                name="upload",
                method="POST",
                path="/media/upload",
                handler=self._upload,
                style="oapi",
                json=False,
            ),
        ]

    async def _download(self, call: Call) -> dict[str, Any] | web.StreamResponse:
        fields: dict[str, type | tuple[type, ...]] = {"downloadCode": str, "robotCode": str}
        self._desk.check_fields(call, fields, need="downloadCode robotCode")
        meant = self._seals.unseal("download", str(call.body.get("downloadCode")))
        if meant is None:
            raise Refusal("invalidParameter.robotCode.downloadCode", "downloadCode无效")
        if call.body.get("robotCode") != meant["robot"]:
            raise Refusal("invalidParameter.robotCode.auth", "robotCode与downloadCode不匹配")
        word = self._seals.seal("file", seconds=self._desk.limits.download_url_seconds, media=meant["media"])
        head, _, signature = word.partition(".")
        return {"downloadUrl": f"{self.url}/files/{head}.file?Expires=1671377946&Signature={signature}"}

    async def _file(self, call: Call) -> dict[str, Any] | web.StreamResponse:
        head = call.request.match_info["name"].removesuffix(".file")
        meant = self._seals.unseal("file", f"{head}.{call.request.query.get('Signature', '')}")
        if meant is None:
            return web.Response(status=403, text=OSS_DENIED, content_type="application/xml")
        return web.Response(body=self._world.media(meant["media"]), content_type="application/octet-stream")

    async def _upload(self, call: Call) -> dict[str, Any] | web.StreamResponse:
        if call.request.content_type != "multipart/form-data":
            self._desk.violate("content_type", call.door, call.request.content_type)
            raise Refusal(43004, "无效的HTTP HEADER Content-Type")
        kind, name, content = await _parts(call)
        limit = 2_000_000 if kind == "voice" else self._desk.limits.upload_bytes
        if kind not in ENDINGS or not content:
            raise Refusal(40035, "不合法的参数")
        if len(content) > limit or not name.lower().endswith(ENDINGS[kind]):
            raise Refusal(40009 if len(content) > limit else 40004, "不合法的媒体文件")
        answer = {
            "errcode": 0,
            "errmsg": "ok",
            "type": kind,
            "media_id": names.media_id(self._world.keep(content)),
        }
        return answer | {"created_at": names.milliseconds(self._desk.clock.now())}


async def _parts(call: Call) -> tuple[str, str, bytes]:
    """Return kind, file name and bytes of the form."""
    kind, name, content = call.request.query.get("type", ""), "", b""
    async for part in await call.request.multipart():
        if isinstance(part, BodyPartReader) and part.name == "media":
            name, content = part.filename or "", bytes(await part.read())
        elif isinstance(part, BodyPartReader) and part.name == "type":
            kind = await part.text()
    return kind, name, content
