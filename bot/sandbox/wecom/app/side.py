"""The self-built app's side of the pretend WeCom, and the groups' webhooks: API, callbacks, menu, chats."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiohttp import web

from bot.sandbox.clock import Alarms
from bot.sandbox.faults import Faults
from bot.sandbox.recorder import Recorder
from bot.sandbox.town import Post, Resident, Room
from bot.sandbox.wecom.app import payloads, refusals
from bot.sandbox.wecom.app.agents import Agents
from bot.sandbox.wecom.app.cardboard import Cardboard
from bot.sandbox.wecom.app.counter import Ask, Counter, Door
from bot.sandbox.wecom.app.courier import Courier, Delivery
from bot.sandbox.wecom.app.hooks import Hooks
from bot.sandbox.wecom.app.limits import AppLimits
from bot.sandbox.wecom.app.media import Media
from bot.sandbox.wecom.app.menus import Menus
from bot.sandbox.wecom.app.messages import Messages
from bot.sandbox.wecom.app.payloads import Fields
from bot.sandbox.wecom.app.refusals import ApiRefusal
from bot.sandbox.wecom.app.replies import Replies
from bot.sandbox.wecom.contacts import Contacts
from bot.sandbox.wecom.envelopes import Envelopes
from bot.sandbox.world import World
from domain.clock import Clock

AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"  # the example of WeCom's own page 90968


class AppSide:
    """One self-built app and its people.

    Doors of the recorder and of faults: `wecom.app.gettoken|send|update_card|recall|upload|media|push`,
    `wecom.app.departments|department_ids|users|user_names|user|user_ids`,
    `wecom.app.agent|menu_create|menu_get|menu_delete|callback_ip`, `wecom.hook.send|upload`.
    """

    def __init__(
        self,
        world: World,
        *,
        clock: Clock,
        faults: Faults,
        recorder: Recorder,
        alarms: Alarms,
        url: Callable[[], str],
        limits: AppLimits | None = None,
    ) -> None:
        self.corp_id, self.agent_id, self.secret = "wwSANDBOX", 1000002, "sandbox-app-secret"
        self.token, self.aes_key = "sandboxtoken", AES_KEY
        self._world, self._clock, self._url = world, clock, url
        self.counter = Counter(
            clock=clock, limits=limits or AppLimits(), faults=faults, recorder=recorder, alarms=alarms
        )
        self.media = Media(self.counter)
        self.contacts = Contacts(self.counter, world, happen=self._tell_of_staff)
        self.agents = Agents(self.counter, agent_id=self.agent_id)
        self.menus = Menus(self.counter, agent_id=self.agent_id)
        self.hooks = Hooks(self.counter, world, media=self.media)
        self.cardboard = Cardboard(self.counter, world)
        envelopes = Envelopes(token=self.token, aes_key=self.aes_key, receive_id=self.corp_id)
        replies = Replies(
            self.counter, world, envelopes=envelopes, cardboard=self.cardboard, corp_id=self.corp_id
        )
        self.courier = Courier(
            self.counter, envelopes=envelopes, replies=replies, corp_id=self.corp_id, agent_id=self.agent_id
        )
        self.messages = Messages(
            self.counter,
            world,
            agent_id=self.agent_id,
            media=self.media,
            cardboard=self.cardboard,
            hears=lambda: bool(self.courier.url),
        )

    def routes(self) -> list[web.RouteDef]:
        """Return the addresses of the API."""
        own = [
            Door(
                name="app.gettoken",
                method="GET",
                path="gettoken",
                handler=self._gettoken,
                token=False,
                json=False,
            ),
            Door(name="app.callback_ip", method="GET", path="getcallbackip", handler=self._ips, json=False),
        ]
        parts = (self.agents, self.messages, self.media, self.menus, self.hooks, self.contacts)
        doors = [*own, *(door for part in parts for door in part.doors())]
        return [self.counter.route(door) for door in doors]

    async def close(self) -> None:
        """Call the bot no more."""
        await self.courier.close()

    def hook_url(self, room_id: str) -> str:
        """Return the webhook of a group; a robot joins the group at the first asking."""
        return f"{self._url()}/cgi-bin/webhook/send?key={self.hooks.add(room_id)}"

    # what residents do

    def said(self, *, room: Room, post: Post) -> None:
        """Call with a post; files are not among what the page lists, so they never arrive."""
        for number, part in enumerate(self._parts(post)):
            name = f"{post.id}-{number}"
            fields = {**part, "MsgId": payloads.number_of(name)}
            self._deliver(fields, room=room, person=self._world.residents[post.author], post=post.id)

    def clicked(
        self,
        *,
        room: Room,
        post: Post,
        resident: Resident,
        key: str,
        selected: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Call with the press of a card's button, and a new code to change the card by."""
        code = self.cardboard.code(post.tag, user_ids=[resident.wecom_user_id])
        card_type = post.body["card_type"]
        fields = payloads.click(
            key=key, task_id=post.tag, card_type=card_type, code=code, selected=selected or {}
        )
        self._deliver(fields, room=room, person=resident, subject=post.tag, post=post.id)

    def entered(self, *, room: Room, resident: Resident) -> None:
        """Call each time somebody opens the chat."""
        self._deliver(payloads.event("enter_agent"), room=room, person=resident)

    def scan(self, resident_id: str, text: str, *, kind: str = "qrcode", waits: bool = True) -> None:
        """Let a resident scan with the app's menu; KeyError where the menu has no such entry."""
        name = "scancode_waitmsg" if waits else "scancode_push"
        fields = payloads.scan(name, key=self.menus.key_of(name), text=text, kind=kind)
        self._deliver_to(resident_id, fields)

    def tap(self, resident_id: str, name: str) -> None:
        """Let a resident press an entry of the menu that says something."""
        for entry in self.menus.flat():
            if (entry["type"], entry["name"]) == ("click", name):
                self._deliver_to(resident_id, payloads.event("click", key=str(entry["key"])))
                return
        raise KeyError(name)

    def happen(self, resident_id: str, fields: Fields) -> None:
        """Call with any event: `payloads.event(...)`."""
        self._deliver_to(resident_id, fields)

    def _tell_of_staff(self, person: Resident, fields: Fields) -> None:
        """Call with a change of the directory: it belongs to no chat."""
        if self.courier.url:
            nowhere = Room(id="", platform="wecom", kind="direct", title="", members=(), door="app")
            self._deliver(fields, room=nowhere, person=person)

    def _deliver_to(self, resident_id: str, fields: Fields) -> None:
        room = self._world.direct_room("wecom", resident_id, door="app")
        self._deliver(fields, room=room, person=self._world.residents[resident_id])

    def _deliver(
        self, fields: Fields, *, room: Room, person: Resident, subject: str = "", post: str = ""
    ) -> None:
        sender = fields.pop("FromUserName", person.wecom_user_id)
        created = int(self._clock.now().timestamp())
        head = {"ToUserName": self.corp_id, "FromUserName": sender, "CreateTime": created}
        plain = payloads.xml({**head, **fields, "AgentID": self.agent_id})
        event = str(fields.get("Event", ""))
        self.courier.deliver(
            Delivery(room=room, person=person, plain=plain, event=event, subject=subject, post=post)
        )

    def _parts(self, post: Post) -> list[Fields]:
        """Return the messages that a post becomes: text and pictures go one by one."""
        match post.kind:
            case "image":
                return [self._picture(post.body["media"])]
            case "audio":
                kept = self.media.keep(self._world.media(post.body["media"]), kind="voice", name="voice.amr")
                return [payloads.message("voice", MediaId=kept.media_id, Format="amr")]
            case "text":
                text = [payloads.message("text", Content=post.body["text"])] if post.body["text"] else []
                return [*text, *(self._picture(media) for media in post.body.get("images", ()))]
        return []

    def _picture(self, media: str) -> Fields:
        kept = self.media.keep(self._world.media(media), kind="image", name=f"{media[:8]}.jpg")
        return payloads.message("image", PicUrl=f"{self._url()}/pictures/{media}", MediaId=kept.media_id)

    # the API's small doors

    async def _gettoken(self, ask: Ask) -> dict[str, Any] | web.StreamResponse:
        query = ask.request.query
        if query.get("corpid") != self.corp_id:
            raise ApiRefusal(refusals.BAD_CORP, "invalid corpid")
        if query.get("corpsecret") != self.secret:
            raise ApiRefusal(refusals.BAD_SECRET, "invalid credential")
        return self.counter.issue()

    async def _ips(self, _ask: Ask) -> dict[str, Any] | web.StreamResponse:
        return {"errcode": 0, "errmsg": "ok", "ip_list": ["127.0.0.1", "101.226.103.*"]}
