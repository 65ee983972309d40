"""Waiting for something that must come to pass, without sleeping blindly."""

import asyncio
from collections.abc import Callable
from typing import Final

PATIENCE: Final = 60.0  # real seconds; reached only by what never happens
LOOK: Final = 0.004


class Unexpected(AssertionError):
    """The bot said what the talk did not expect, or did not say what it did."""


async def until(reached: Callable[[], bool], otherwise: str) -> None:
    """Look again and again until it is so; raises Unexpected with `otherwise` when patience ends."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not reached():  # noqa: ASYNC110 (clouds and house tell nobody)
                await asyncio.sleep(LOOK)  # between two looks at something real
    except TimeoutError as never:
        raise Unexpected(otherwise) from never
