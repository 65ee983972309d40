"""The plant of the benchmark: 64 operators, each in a group and on an order of their own."""

import shutil
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from bot.rules import Rules, furnish
from domain.actions import orders, production, release
from domain.clock import SystemClock
from domain.ids import IdMaker
from domain.playbook import Playbook, load
from domain.store.migrate import upgrade
from domain.store.office import open_office
from domain.work import Work

DEMO: Final = Path(__file__).parents[2] / "deploy" / "playbooks" / "demo"
SENDERS: Final = 64
PRODUCT, OPERATION = "TS-300", "焊接"
QUANTITY: Final = Decimal(100_000_000)
OPENING: Final = 1_000_000
"""Good pieces of each order before the benchmark, so that no command crosses a limit or a status."""


@dataclass(frozen=True)
class Sender:
    """One operator with a WeCom account, a group and an order."""

    number: int

    @property
    def user(self) -> str:
        """The WeCom account."""
        return f"bench{self.number:02}"

    @property
    def chat(self) -> str:
        """The group."""
        return f"bench-group-{self.number:02}"

    @property
    def order(self) -> str:
        """The order that only this operator reports on."""
        return f"WO-{5000 + self.number}"

    @property
    def text(self) -> str:
        """What is said, every time."""
        return f"报工 {self.order} {OPERATION} 50 良 1 废"


ALL: Final = tuple(Sender(number) for number in range(SENDERS))


def write_playbook(folder: Path) -> Path:
    """Copy the demo's playbook and add the operators; returns its folder."""
    place = folder / "playbook"
    shutil.copytree(DEMO, place)
    page = place / "people.yaml"
    head, leave = page.read_text(encoding="utf-8").split("\nleave:")
    page.write_text(f"{head}\n{_operators()}\nleave:{leave}", encoding="utf-8")
    return place


def _operators() -> str:
    trade = "department: production, roles: [operator]"
    return "\n".join(
        f"  - {{id: {9000 + it.number}, name: 操作工{it.number}, {trade}, wecom: {it.user}}}" for it in ALL
    )


def rules(folder: Path, *, node: int) -> Rules:
    """Return the rules of that playbook for one process."""
    return Rules(playbook=load(folder), clock=SystemClock(), new_id=IdMaker(node=node))


def found(url: str, *, folder: Path) -> None:
    """Bring an empty database to the morning of the benchmark: people, orders released and reported on."""
    upgrade(url)
    here = rules(folder, node=1)
    office = open_office(url, here.setting)
    furnish(office, folder=folder, playbook=here.playbook, starting=True)
    office.write(_open_orders).result()
    office.close()


def _open_orders(work: Work) -> None:
    for sender in ALL:
        orders.draft(work, product=PRODUCT, quantity=QUANTITY, code=sender.order)
        release.release(work, order=sender.order)
        production.report(work, order=sender.order, operation=OPERATION, good=Decimal(OPENING))


def book(folder: Path) -> Playbook:
    """Return the playbook itself, for the ways that know no office."""
    return load(folder)
