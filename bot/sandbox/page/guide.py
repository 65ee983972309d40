"""Five things to try: who to be, where, and what to say; found in the playbook, not written for one plant."""

from typing import Any

from bot.sandbox.page.phrases import NEW_LOT, phrases
from bot.sandbox.page.stage import Stage
from bot.sandbox.town import PlatformName, Resident, Room

QUARTER = 900
Step = dict[str, Any]


def guide(stage: Stage) -> list[Step]:
    """Return the steps: `title`, `english`, `why` and `acts` (`say`, `go`, `clock`, `power`)."""
    worker = _who(stage, "work.report", "dingtalk")
    keeper = _who(stage, "lot.receive", "wecom")
    inspector = _who(stage, "lot.inspect", "dingtalk") or _who(stage, "lot.inspect", "wecom")
    if worker is None or keeper is None or inspector is None:
        return []
    return [
        {
            "title": "在钉钉群里报工",
            "english": "Report work in a DingTalk group",
            "why": "一句话，没有表单。",
            "acts": [_say(stage, worker, "报工")],
        },
        {
            "title": "收料、检验、发料",
            "english": "Receive, inspect, issue a lot",
            "why": "仓库在企业微信，品质在钉钉，同一本账。",
            "acts": [
                _say(stage, keeper, "收料"),
                _say(stage, inspector, "检验"),
                _say(stage, keeper, "发料"),
            ],
        },
        {
            "title": "喊缺料，看它一级一级往上叫",
            "english": "Call for help and watch it climb",
            "why": "没人接就升级：当班的人 → 负责人 → 厂长。",
            "acts": [
                _say(stage, worker, "缺料"),
                _go(keeper, f"看{keeper[0].department}收到什么"),
                {"kind": "clock", "seconds": QUARTER, "label": "时钟 +15 分钟"},
                {"kind": "clock", "seconds": QUARTER, "label": "再 +15 分钟"},
            ],
        },
        {
            "title": "拔掉班长的电源",
            "english": "Pull the plug: nothing is lost",
            "why": "kill -9 以后在钉钉里说的话，开机后照样回答。",
            "acts": [{"kind": "power", "label": "拔电源"}, _say(stage, worker, "到哪了")],
        },
        {
            "title": "追溯一个批次",
            "english": "Trace a lot",
            "why": "它从哪里来，用到了哪里。",
            "acts": [_say(stage, inspector, "追溯", instead=f"追溯 {NEW_LOT}")],
        },
    ]


Place = tuple[Resident, Room]


def _who(stage: Stage, permission: str, platform: PlatformName) -> Place | None:
    """Return the person with the fewest rights who may do this, and a group of theirs on the platform."""
    found = []
    for resident in stage.world.residents.values():
        rights = _rights(stage, resident)
        room = _group(stage, resident, platform)
        if permission in rights and room is not None:
            found.append((len(rights), resident.id, resident, room))
    return min(found, key=lambda it: it[:2])[2:] if found else None


def _rights(stage: Stage, resident: Resident) -> frozenset[str]:
    known = stage.playbook.people_by_number
    return stage.playbook.permissions_of(resident.id) if resident.id in known else frozenset()


def _group(stage: Stage, resident: Resident, platform: PlatformName) -> Room | None:
    rooms = stage.world.rooms.values()
    fit = (it for it in rooms if (it.platform, it.kind) == (platform, "group") and resident.id in it.members)
    return next(fit, None)


def _say(stage: Stage, place: Place, word: str, *, instead: str = "") -> Step:
    resident, room = place
    known = phrases(resident.id, playbook=stage.playbook, master=stage.master)
    text = instead or next((text for text in known if word in text), word)
    return {"kind": "say", "resident": resident.id, "room": room.id, "text": text, "label": text}


def _go(place: Place, label: str) -> Step:
    resident, room = place
    return {"kind": "go", "resident": resident.id, "room": room.id, "label": label}
