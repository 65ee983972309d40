"""What people do in their chat with WeCom's self-built app and nowhere else: they scan with its menu."""

from tests.talks.places import APP
from tests.talks.stage import Stage


async def scans(stage: Stage, who: str, text: str) -> None:
    """Let a person scan a code; returns when it is answered."""
    await stage._turn()
    room = stage.room(APP, who=who)
    stage.world.scan(stage.person(who).id, room.id, text)
    await stage._answered(room, wait=True)
