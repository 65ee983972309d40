"""The talks of the house run unchanged through every door: the whole of them slowly, a few always."""

from pathlib import Path
from typing import Final

import pytest

from tests.talks.script import begins_at, play
from tests.talks.stage import Stage
from tests.talks.test_talks import TEXTS
from tests.talks.ways_in import USUAL, WAYS

OTHERS: Final = [name for name, way in WAYS.items() if way not in USUAL]
ALWAYS: Final = {"lot", "redelivered"}
PRESSED_IN_A_GROUP: Final = {"again", "app", "calls", "once", "questions", "repeats", "understood", "wecom"}
PUSHED_TO_A_PERSON: Final = {"directory", "leaver"}
BEYOND: Final = {"wecom-callback": PRESSED_IN_A_GROUP | PUSHED_TO_A_PERSON}
"""What a door cannot do, so that its people see the same words in another shape or place.

A bot that is called by URL pushes nothing: what is said unprompted comes to a group by its webhook, which has
no buttons to press, and to a person by the app, whose chat is another one; both are metered by themselves.
"""


def cases() -> list[object]:
    """Return every door with every talk that it can carry."""
    return [
        pytest.param(way, name, id=f"{way}-{name}", marks=() if name in ALWAYS else pytest.mark.slow)
        for way in OTHERS
        for name in TEXTS
        if name not in BEYOND.get(way, set())
    ]


@pytest.mark.parametrize(("way", "name"), cases())
async def test_a_talk_is_the_same_by_another_door(
    way: str, name: str, sqlite_url: str, tmp_path: Path
) -> None:
    other = WAYS[way]
    ways = [it for it in USUAL if it.platform != other.platform]
    async with Stage(sqlite_url, tmp_path, at=begins_at(TEXTS[name]), ways=[*ways, other]) as stage:
        assert await play(stage, TEXTS[name]) == TEXTS[name]
