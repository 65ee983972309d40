"""The talks of the house run unchanged through every door: the whole of them slowly, a few always."""

from pathlib import Path
from typing import Final

import pytest

from tests.talks.script import begins_at, play
from tests.talks.stage import Stage
from tests.talks.test_talks import TEXTS
from tests.talks.ways_in import USUAL, WAYS

OTHERS: Final = [name for name, way in WAYS.items() if name not in ("dingtalk-stream", "wecom-line")]
ALWAYS: Final = {"redelivered", "report"}
TOLD_BY_EVENTS: Final = {"directory", "leaver"}
PRESSED_IN_A_GROUP: Final = {"kitting", "stale", "wecom", "whole_shift"}
SAID_IN_A_GROUP: Final = {"lot", "photo", "quota"}
CHANGED_IN_PLACE: Final = {"ladder"}
CHANGED_IN_THE_APP: Final = {"review"}
FILES: Final = {"importing"}
ANSWERED_BY_A_FILE: Final = {"pieces"}
WORDS_WITH_A_PICTURE: Final = {"labels"}
BEYOND: Final = {
    "dingtalk-http": TOLD_BY_EVENTS,
    "wecom-callback": PRESSED_IN_A_GROUP | CHANGED_IN_THE_APP | FILES | ANSWERED_BY_A_FILE,
    "wecom-app": (
        PRESSED_IN_A_GROUP
        | SAID_IN_A_GROUP
        | CHANGED_IN_PLACE
        | CHANGED_IN_THE_APP
        | WORDS_WITH_A_PICTURE
        | FILES
    ),
}
"""Talks that go otherwise by a door, for what its platform is.

DingTalk tells who joins and leaves over its stream alone: without it that is read once a day. A bot that is
called by URL pushes nothing, so a WeCom group is spoken to by its webhook, which has nothing to press. The
self-built app is in no group, so nobody there is heard; its cards can be changed where they stand, the AI
bot's cannot: people see one change more, also those whom a bot that is called by URL tells through the app.
A message to the app is words or a picture, never both, and no file; the file that belongs to an answer on a
call comes by the app, which the answer says.
"""


def cases() -> list[object]:
    """Return every door with every talk that it can carry."""
    return [
        pytest.param(
            way,
            name,
            id=f"{way}-{name}",
            marks=() if name in ALWAYS else (pytest.mark.slow, pytest.mark.again),
        )
        for way in OTHERS
        for name in TEXTS
        if name not in BEYOND.get(way, set())
    ]


@pytest.mark.parametrize(("way", "name"), cases())
async def test_a_talk_is_the_same_by_another_door(
    way: str, name: str, sqlite_url: str, tmp_path: Path
) -> None:
    other = WAYS[way]()
    ways = [it for it in USUAL if it.platform != other.platform]
    async with Stage(sqlite_url, tmp_path, at=begins_at(TEXTS[name]), ways=[*ways, other]) as stage:
        assert await play(stage, TEXTS[name]) == TEXTS[name]
