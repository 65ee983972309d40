"""What the parts of an order's past share: its moment, its people, its rows, how things are named."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

from bot.load.ground import Ground
from bot.load.leaves import Change, Collector
from bot.load.plant import PRODUCT, STEP, Size
from bot.load.shapes import Shape
from domain.ids import NODES
from domain.models.genealogy import Confidence, How

TRAY_TIME: Final = timedelta(minutes=7)


class Story:
    """One order's past as it is being told, the same for the same seed."""

    def __init__(self, ground: Ground, size: Size, shapes: dict[str, Shape], *, number: int) -> None:
        self.ground = ground
        self.size = size
        self.number = number
        self.code = f"LD-{number + 1:06}"
        self.begins = begins(size, number)
        self.rows = Collector(shapes, site=ground.site, node=node(number))
        self._random = Random(f"{size.seed}:{number}")  # noqa: S311 (a plant, no secret)

    def someone(self, department: str, place: str = "") -> None:
        """Let somebody of the plant act from now on."""
        self.rows.actor = self._random.choice(self.ground.people)
        self.rows.department, self.rows.place = department, place

    def say(self, text: str) -> None:
        """Let some minutes pass, then let the actor say something."""
        self.rows.go_to(self.rows.at + TRAY_TIME * (0.5 + self._random.random()))
        self.rows.hear(text, chat=f"wecom:load-{self.number % 40}")

    def named(self, **more: Any) -> dict[str, Any]:
        """Return an event's data: the order, and what else is to be named."""
        return {"order": self.code, "product": PRODUCT, **more}

    def edge(
        self,
        parent: tuple[str, int],
        child: tuple[str, int],
        *,
        quantity: Decimal,
        how: How,
        confidence: Confidence = Confidence.EXACT,
    ) -> Change:
        """Make an edge of genealogy."""
        return self.rows.make(
            "edge",
            parent_kind=parent[0],
            parent_id=parent[1],
            child_kind=child[0],
            child_id=child[1],
            how=how,
            quantity=quantity,
            unit="个",
            confidence=confidence,
            made_at=self.rows.at,
        )


def begins(size: Size, number: int) -> datetime:
    """Return when an order begins."""
    return size.begins + number * STEP


def node(number: int) -> int:
    """Return the node whose ids an order has: those of one time differ in it."""
    return number % (NODES - 1) + 1
