"""The plant's people and groups as residents and rooms of the pretend world."""

from collections.abc import Iterator
from dataclasses import replace

from bot.sandbox.town import PlatformName, Resident, Room
from bot.sandbox.world import World
from domain.playbook import Playbook
from domain.playbook.plant import Chat, Person

PLATFORMS: tuple[PlatformName, ...] = ("dingtalk", "wecom")


def settle(world: World, playbook: Playbook) -> None:
    """Let everybody of the playbook move in, with the groups it names and 1:1 chats for every account."""
    for person in playbook.people:
        known = world.residents.get(person.id)
        world.add_resident(replace(_resident(playbook, person), left=known.left if known else ()))
    for chat in playbook.chats:
        members = tuple(_members(playbook, chat))
        world.add_room(
            Room(id=chat.id, platform=chat.platform, kind="group", title=chat.title, members=members)
        )
    for person in playbook.people:
        for platform in PLATFORMS:
            if person.account(platform):
                world.direct_room(platform, person.id)
        if person.account("wecom"):
            world.direct_room("wecom", person.id, door="app")


def _resident(playbook: Playbook, person: Person) -> Resident:
    department = playbook.department(person.department).name if person.department else playbook.site.name
    return Resident(
        id=person.id,
        name=person.name,
        department=department,
        title="、".join(playbook.role(code).name for code in person.roles),
        dingtalk_user_id=person.dingtalk or "",
        wecom_user_id=person.wecom or "",
        job_number=person.id,
    )


def _members(playbook: Playbook, chat: Chat) -> Iterator[str]:
    named = set(chat.members)
    for person in playbook.people:
        if person.account(chat.platform) and (not named or person.id in named):
            yield person.id
