"""What a resident says, as the robot message that DingTalk pushes (topic /v1.0/im/bot/messages/get)."""

from typing import Any

from bot.sandbox.dingtalk import names
from bot.sandbox.dingtalk.limits import Limits
from bot.sandbox.dingtalk.names import Seals
from bot.sandbox.town import BOT, Post, Resident, Room
from bot.sandbox.world import World


class Messages:
    """Turns posts into message data."""

    def __init__(self, world: World, *, seals: Seals, limits: Limits, robot_code: str) -> None:
        self.url = ""  # http://host:port, set when the port is known
        self._world, self._seals, self._limits, self._robot_code = world, seals, limits, robot_code

    def message(
        self, room: Room, post: Post, *, exhausted: bool = False, content: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the data of the callback; `exhausted`: without text, the month's quota being used up."""
        sender = self._world.residents[post.author]
        data = self._frame_of(room, post, sender)
        if room.kind == "group":
            data |= {"conversationTitle": room.title, "isInAtList": True, "atUsers": self._at_users(post)}
        if exhausted:
            return data | {"errorCode": "20001", "errorMessage": "受调用量超量影响，消息内容不可见"}
        return data | (self._content(room, post) if content is None else content)

    def _frame_of(self, room: Room, post: Post, sender: Resident) -> dict[str, Any]:
        created = names.milliseconds(post.at)
        data = {
            "senderPlatform": "Android",
            "conversationId": names.conversation_id(room),
            "conversationType": "2" if room.kind == "group" else "1",
            "chatbotCorpId": names.CORP_ID,
            "chatbotUserId": names.BOT_DINGTALK_ID,
            "msgId": names.message_id(post),
            "senderNick": sender.name,
            "isAdmin": False,
            "senderCorpId": names.CORP_ID,
            "senderId": names.dingtalk_id(sender),
            "sessionWebhookExpiredTime": created + self._limits.webhook_seconds * 1000,
            "createAt": created,
            "sessionWebhook": self.session(room),
            "robotCode": self._robot_code,
        }
        if sender.dingtalk_user_id:  # missing for people outside the robot's company
            data |= {"senderStaffId": sender.dingtalk_user_id, "senderUnionId": names.union_id(sender)}
        return data

    def session(self, room: Room) -> str:
        """Return a webhook that answers into this chat for 90 minutes."""
        word = self._seals.seal("session", seconds=self._limits.webhook_seconds, room=room.id)
        return f"{self.url}/robot/sendBySession?session={word}"

    def _at_users(self, post: Post) -> list[dict[str, str]]:
        users = []
        for name in post.mentions:
            if name == BOT:
                users.append({"dingtalkId": names.BOT_DINGTALK_ID})
            else:
                person = self._world.residents[name]
                users.append({"dingtalkId": names.dingtalk_id(person), "staffId": person.dingtalk_user_id})
        return users

    def _content(self, room: Room, post: Post) -> dict[str, Any]:
        if post.kind == "image":
            return {"msgtype": "picture", "content": self._picture(post.body["media"])}
        if post.kind == "file":
            return {"msgtype": "file", "content": self._file(post)}
        if post.kind == "audio":
            code = self.code(post.body["media"])
            content = {"duration": 4000, "downloadCode": code, "recognition": post.body["text"]}
            return {"msgtype": "audio", "content": content}
        if post.body["images"]:
            return {"msgtype": "richText", "content": {"richText": self._rich(post)}}
        return self._text(room, post)

    def _text(self, room: Room, post: Post) -> dict[str, Any]:
        lead = " " if room.kind == "group" else ""  # what is left of the mention of the bot
        text: dict[str, Any] = {"content": lead + self._at_names(post) + post.body["text"]}
        data: dict[str, Any] = {"msgtype": "text", "text": text}
        if post.quotes and (quoted := self._world.post(post.quotes)):
            text |= {"isReplyMsg": True, "repliedMsg": self._replied(quoted)}
            data["originalMsgId"] = names.message_id(quoted)
            if quoted.kind == "card":
                data["originalProcessQueryKey"] = names.process_key(quoted.id)
        return data

    def _rich(self, post: Post) -> list[dict[str, Any]]:
        at_bot = f"@{self._world.bot_name} " if BOT in post.mentions else ""
        items: list[dict[str, Any]] = []
        if text := at_bot + self._at_names(post) + post.body["text"]:
            items.append({"text": text})
        return items + [{"type": "picture"} | self._picture(media) for media in post.body["images"]]

    def _replied(self, quoted: Post) -> dict[str, Any]:
        by_bot = quoted.author == BOT
        sender = names.BOT_DINGTALK_ID if by_bot else names.dingtalk_id(self._world.residents[quoted.author])
        base = {
            "msgId": names.message_id(quoted),
            "senderId": sender,
            "createdAt": names.milliseconds(quoted.at),
        }
        kind, content = self._replied_content(quoted)
        return base | {"msgType": kind} | ({"content": content} if content else {})

    def _replied_content(self, quoted: Post) -> tuple[str, dict[str, Any]]:
        if quoted.kind == "image":
            return "picture", self._picture(quoted.body["media"])
        if quoted.kind == "file":
            return "file", self._file(quoted)
        if quoted.kind == "audio":
            return "audio", {"downloadCode": self.code(quoted.body["media"])}
        if quoted.kind in ("card", "markdown"):
            return ("interactiveCard" if quoted.kind == "card" else "unknownMsgType"), {}
        if quoted.body.get("images"):
            return "richText", {"richText": self._replied_items(quoted)}
        return "text", {"text": quoted.body["text"]}

    def _replied_items(self, quoted: Post) -> list[dict[str, Any]]:
        """Return the items of a quoted richText, which are spelt otherwise than those of a fresh one."""
        text = [{"msgType": "text", "content": quoted.body["text"]}] if quoted.body["text"] else []
        return [*text, *({"msgType": "picture"} | self._picture(media) for media in quoted.body["images"])]

    def _file(self, post: Post) -> dict[str, Any]:
        media = post.body["media"]
        file_id = names.media_id(media)[5:21]
        return {
            "downloadCode": self.code(media),
            "fileName": post.body["name"],
            "spaceId": "25801",
            "fileId": file_id,
        }

    def _picture(self, media: str) -> dict[str, Any]:
        return {"downloadCode": self.code(media), "pictureDownloadCode": self.code(media, small=True)}

    def code(self, media: str, *, small: bool = False) -> str:
        """Return a download code for kept bytes."""
        data = {"media": media, "robot": self._robot_code} | ({"small": True} if small else {})
        return self._seals.seal("download", seconds=self._limits.download_code_seconds, **data)

    def _at_names(self, post: Post) -> str:
        people = (self._world.residents[name].name for name in post.mentions if name != BOT)
        return "".join(f"@{name} " for name in people)
