"""What the page needs besides the world: the plant's rules, the clock's hands, the bot's plug."""

from dataclasses import dataclass, field
from typing import Protocol

from bot.sandbox.hands import Hands
from bot.sandbox.page.labels import Label
from bot.sandbox.power import State
from bot.sandbox.world import World
from domain.playbook import Playbook
from domain.playbook.master import MasterData


class Plug(Protocol):
    """The bot's plug."""

    @property
    def state(self) -> State:
        """How the bot is."""
        ...

    def pull(self) -> None:
        """Kill the bot on the spot."""
        ...

    def plug_in(self) -> None:
        """Start it now."""
        ...


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A world with everything around it that a person at the page may see or touch."""

    world: World
    playbook: Playbook
    hands: Hands
    plug: Plug
    master: MasterData = field(default_factory=MasterData)
    labels: tuple[Label, ...] = ()
