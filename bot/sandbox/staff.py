"""The organisation behind the town: its departments, who is in them, who joins, moves and leaves."""

import zlib
from collections.abc import Iterable
from dataclasses import replace

from bot.sandbox.town import PlatformName, Resident, StaffChange
from bot.sandbox.world import World

PLATFORMS: tuple[PlatformName, ...] = ("dingtalk", "wecom")

ROOT = 1
ROOT_NAME = "公司"


def number_of(department: str) -> int:
    """Return the number of a department: made from its name, so that it is the same after a restart."""
    return 100_000 + zlib.crc32(department.encode()) % 900_000 if department else ROOT


def departments(world: World, platform: PlatformName) -> dict[int, str]:
    """Return the departments below the root, by number; one without people is none."""
    return {number_of(it.department): it.department for it in staff(world, platform) if it.department}


def staff(world: World, platform: PlatformName) -> list[Resident]:
    """Return who has an account there and has not left, in the order in which they came."""
    return [it for it in world.residents.values() if it.user_id(platform) and platform not in it.left]


def employee(world: World, platform: PlatformName, user_id: str) -> Resident | None:
    """Return whoever of them has this account, whatever its case."""
    found = (it for it in staff(world, platform) if it.user_id(platform).lower() == user_id.lower())
    return next(found, None)


def hire(world: World, resident: Resident) -> None:
    """Let somebody join the organisation, on every platform where they have an account."""
    _change(world, replace(resident, left=()), "joined", platforms=PLATFORMS)


def transfer(world: World, resident_id: str, *, department: str) -> None:
    """Move somebody to another department."""
    moved = replace(world.residents[resident_id], department=department)
    _change(world, moved, "moved", platforms=PLATFORMS)


def depart(world: World, resident_id: str, *platforms: PlatformName, quietly: bool = False) -> None:
    """Let somebody leave the organisation of these platforms (none named: of all); `quietly`: by no event."""
    resident, places = world.residents[resident_id], platforms or PLATFORMS
    left = tuple(dict.fromkeys((*resident.left, *places)))
    _change(world, replace(resident, left=left), "left", platforms=() if quietly else places)


def _change(
    world: World, resident: Resident, change: StaffChange, *, platforms: Iterable[PlatformName]
) -> None:
    world.add_resident(resident)
    for platform in platforms:
        if resident.user_id(platform) and (hear := world.directories.get(platform)):
            hear(resident, change)
