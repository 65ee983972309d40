"""Turns are taken in the order of arrival, whoever gives up meanwhile."""

import asyncio

import pytest

from bot.one_by_one import OneByOne


class Counter:
    """Writes down who went in, and lets them out when told."""

    def __init__(self) -> None:
        self.turns, self.went, self.doors = OneByOne(), list[str](), dict[str, asyncio.Event]()

    def come(self, name: str, *, key: str = "k") -> "asyncio.Task[None]":
        self.doors[name] = asyncio.Event()
        return asyncio.create_task(self._go(name, key))

    async def _go(self, name: str, key: str) -> None:
        async with self.turns.turn(key):
            self.went.append(name)
            await self.doors[name].wait()


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_one_after_the_other_by_key() -> None:
    counter = Counter()
    tasks = [counter.come("a"), counter.come("b"), counter.come("c"), counter.come("x", key="other")]
    await settle()
    assert counter.went == ["a", "x"]
    for name in "xabc":
        counter.doors[name].set()
    await asyncio.gather(*tasks)
    assert counter.went == ["a", "x", "b", "c"]


async def test_who_gives_up_does_not_let_the_next_one_overtake() -> None:
    counter = Counter()
    first, tired, last = counter.come("a"), counter.come("b"), counter.come("c")
    await settle()
    tired.cancel()
    await settle()
    assert counter.went == ["a"]
    for door in counter.doors.values():
        door.set()
    with pytest.raises(asyncio.CancelledError):
        await tired
    await asyncio.gather(first, last)
    assert counter.went == ["a", "c"]
