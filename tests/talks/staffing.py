"""Who joins and leaves the plant during a talk: the organisation of both pretend clouds changes."""

from functools import partial
from typing import Any

from bot.sandbox import staff
from bot.sandbox.town import Resident, Room
from domain.queries.people import speaker
from tests.talks.patience import until
from tests.talks.places import PLATFORMS
from tests.talks.stage import Stage


async def departs(stage: Stage, name: str, *, quietly: bool = False) -> None:
    """Let somebody leave the organisation; `quietly`: the platforms send no event."""
    await stage.later()
    who = stage.person(name)
    staff.depart(stage.world, who.id, quietly=quietly)
    if not quietly:
        await until(lambda: not _is_known(stage, who), f"{name} 还没有停用")
    await stage.idle()


async def joins(stage: Stage, name: str, *, number: str, department: str) -> None:
    """Let somebody join the organisation with accounts on both platforms."""
    await stage.later()
    who = Resident(
        id=f"new-{number}",
        name=name,
        department=department,
        job_number=number,
        dingtalk_user_id=f"d{number}",
        wecom_user_id=number,
    )
    staff.hire(stage.world, who)
    await stage.idle()


async def moves(stage: Stage, name: str, *, department: str) -> None:
    """Let somebody change departments in the organisation; what the playbook says of them stays."""
    await stage.later()
    staff.transfer(stage.world, stage.person(name).id, department=department)
    await stage.idle()


def _is_known(stage: Stage, who: Resident) -> bool:
    """Whether any account of theirs is anybody's."""
    assert stage.house.office is not None
    read = stage.house.office.read
    accounts = [(it, who.user_id(it)) for it in PLATFORMS.values()]
    known = [partial(speaker, platform=name, user_id=user_id) for name, user_id in accounts]
    return any(read(job).result() for job in known)


def newcomer(stage: Stage, name: str, *, group: str) -> None:
    """Let somebody into a group whom the plant's directory does not know."""
    room = stage.room(group)
    number = len(stage.world.residents) + 1
    accounts: dict[str, Any] = {"dingtalk_user_id": f"guest{number}", "wecom_user_id": f"Guest{number}"}
    stage.world.add_resident(Resident(id=f"guest-{number}", name=name, **accounts))
    members = (*room.members, f"guest-{number}")
    stage.world.add_room(Room(**{**vars(room), "members": members}))
