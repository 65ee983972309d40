"""Small plants for tests: one playbook, of which a test changes only what it is about."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from domain.playbook import Playbook, load

DEMO = Path(__file__).parent.parent / "deploy" / "playbooks" / "demo"
SHANGHAI = ZoneInfo("Asia/Shanghai")

YEAR_2026: dict[str, Any] = {
    "year": 2026,
    "confirmed": True,
    "rest": [
        {"since": "2026-02-15", "until": "2026-02-23", "name": "春节"},
        {"since": "2026-10-01", "until": "2026-10-07", "name": "国庆节"},
    ],
    "work": [{"day": "2026-02-14", "name": "春节调休"}, {"day": "2026-10-10", "name": "国庆节调休"}],
}

SMALL: dict[str, Any] = {
    "site": {"code": "t", "name": "试验厂", "plant_manager": "1"},
    "people": [
        {"id": str(number), "name": f"人{number}", "roles": ["team_leader"]} for number in range(1, 9)
    ],
    "departments": [
        {"code": "make", "name": "生产部", "head": "2", "leader": "3", "shifts": ["day", "night"]},
        {"code": "buy", "name": "采购部", "head": "4", "shifts": ["office"]},
    ],
    "shifts": [
        {"code": "day", "name": "白班", "start": "08:00", "end": "20:00", "days": "工作日"},
        {"code": "night", "name": "夜班", "start": "20:00", "end": "08:00", "days": "工作日"},
        {
            "code": "office",
            "name": "常白班",
            "start": "08:30",
            "end": "17:30",
            "days": "工作日",
            "production": False,
        },
    ],
    "rota": [
        {"department": "make", "shift": "day", "people": ["5"]},
        {"department": "make", "shift": "night", "people": ["6"]},
        {"department": "buy", "shift": "office", "people": ["7"]},
    ],
    "calendar": [YEAR_2026],
    "ladders": [
        {
            "code": "three",
            "name": "三级",
            "rungs": [
                {"who": "duty", "after": "0m"},
                {"who": "leader", "after": "10m"},
                {"who": "plant_manager", "after": "15m"},
            ],
        }
    ],
    "andon_kinds": [
        {"code": "part", "name": "缺料", "department": "buy", "severity": "urgent", "ladder": "three"},
        {"code": "quality", "name": "品质", "department": "buy", "severity": "normal", "ladder": "three"},
        {"code": "safety", "name": "安全", "department": "buy", "severity": "safety", "ladder": "three"},
    ],
}


def plant(**sections: Any) -> Playbook:
    """Return the small plant with these sections in place of its own."""
    return Playbook.model_validate({**SMALL, **sections})


@cache
def demo() -> Playbook:
    """Return the demo plant; nothing can change it, so it is read once."""
    return load(DEMO)


def local(text: str, *, zone: ZoneInfo = SHANGHAI) -> datetime:
    """`2026-03-02 08:00` of the plant's wall clock as an aware moment."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)
