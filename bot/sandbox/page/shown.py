"""What the page is told, as plain data: the plant, people, rooms, posts, the bot and the clock."""

from typing import Any

from bot.sandbox.page.guide import guide
from bot.sandbox.page.phrases import phrases
from bot.sandbox.page.stage import Stage
from bot.sandbox.staff import PLATFORMS
from bot.sandbox.town import BOT, Change, Post, Resident, Room
from bot.sandbox.world import World

EXCERPT = 80
GONE = "已离职"
KEPT_FOR_THE_WIRE = ("param", "template", "route")


def shown_world(stage: Stage) -> dict[str, Any]:
    """Everything but the posts."""
    world, site = stage.world, stage.playbook.site
    return {
        "plant": {"name": site.name, "zone": site.timezone, "bot": world.bot_name},
        "people": [_person(stage, resident) for resident in world.residents.values()],
        "rooms": [shown_room(world, room) for room in world.rooms.values()],
        "labels": [{"name": label.name, "title": label.title} for label in stage.labels],
        "guide": guide(stage),
        "house": shown_house(stage),
    }


def shown_house(stage: Stage) -> dict[str, Any]:
    """The clock and the bot."""
    state = stage.plug.state
    return {
        "now": stage.world.clock.now().isoformat(),
        "bot": {
            "name": state.name,
            "pid": state.pid,
            "starts": state.starts,
            "back_in": state.back_in,
            "ended": state.ended,
            "platforms": {it["name"]: it["state"] for it in state.health.get("platforms", ())},
            "waiting": state.health.get("outbox", {}).get("waiting", 0),
        },
    }


def shown_room(world: World, room: Room) -> dict[str, Any]:
    """A chat with how many posts it has and the last of them."""
    posts = world.posts(room.id)
    return {
        "id": room.id,
        "platform": room.platform,
        "kind": room.kind,
        "door": room.door,
        "title": room.title,
        "members": list(room.members),
        "count": len(posts),
        "last": shown_post(world, posts[-1]) if posts else None,
    }


def shown_post(world: World, post: Post) -> dict[str, Any]:
    """A post without what only the wire needs; `quoted` is an excerpt."""
    body = {name: value for name, value in post.body.items() if name not in KEPT_FOR_THE_WIRE}
    return {**post.to_json(), "body": body, "mentions": list(post.mentions), "quoted": _quoted(world, post)}


def shown_change(stage: Stage, change: Change) -> dict[str, Any]:
    """A change as the page hears of it."""
    world = stage.world
    if change.post is not None:
        return shown_post(world, change.post)
    if change.kind == "resident":
        return _person(stage, world.residents[change.resident])
    if change.kind == "room":
        return shown_room(world, world.rooms[change.room_id])
    return {"room": change.room_id, "resident": change.resident, "text": change.text}


def _person(stage: Stage, resident: Resident) -> dict[str, Any]:
    """A person to be; who has left every platform can still be looked through, and is told so."""
    gone = bool(resident.left) and all(it in resident.left for it in PLATFORMS if resident.user_id(it))
    return {
        "id": resident.id,
        "name": resident.name,
        "department": resident.department,
        "title": GONE if gone else resident.title,
        "gone": gone,
        "dingtalk": bool(resident.dingtalk_user_id),
        "wecom": bool(resident.wecom_user_id),
        "phrases": phrases(resident.id, playbook=stage.playbook, master=stage.master),
    }


def _quoted(world: World, post: Post) -> dict[str, str] | None:
    if post.quotes is None:
        return None
    try:
        quoted = world.post(post.quotes)
    except KeyError:
        return None
    text = str(quoted.body.get("title") or quoted.body.get("text") or "")
    kinds = {"image": "[图片]", "file": "[文件]", "audio": "[语音]"}
    pictures = "[图片]" if quoted.body.get("images") else ""
    shown = (text[:EXCERPT] + pictures) or kinds.get(quoted.kind, "")
    author = world.bot_name if quoted.author == BOT else world.residents[quoted.author].name
    return {"author": author, "text": shown}
