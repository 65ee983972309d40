"""A terminal around the same steps: say a sentence as somebody, verify the state."""

from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Final

from bot import handling, journal
from bot.meaning import Desk
from bot.platforms.base import Incoming
from bot.rules import Rules, furnish, read_playbook
from bot.settings import Settings
from bot.sheets import read_rows
from bot.steps import Failed, Handled, Read, Step
from commands.kit import Registry
from commands.kit.likely import likely_buttons
from commands.kit.offers import OFFERS
from domain.actions import importing
from domain.clock import SystemClock
from domain.errors import DomainError
from domain.ids import IdMaker
from domain.queries import verify
from domain.queries.people import direct_chats
from domain.store import version
from domain.store.events import newest_id
from domain.store.office import Office, open_office
from notifier.card import Card
from notifier.delivery import Delivered
from notifier.parcels import settle

TERMINAL: Final = "terminal"


def registry() -> Registry:
    """Return every command there is, with what is offered where an argument is missing."""
    return Registry.discover("commands", choices=OFFERS, likely=likely_buttons)


def open_house(settings: Settings) -> Office:
    """Open the database for one errand, migrated and furnished as `serve` would."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    version.bring_up(settings.database)
    playbook = read_playbook(settings.playbook)
    rules = Rules(playbook=playbook, clock=SystemClock(), new_id=IdMaker(node=int(token_hex(2), 16)))
    office = open_office(settings.database, rules.setting, node=TERMINAL)
    rules.new_id.go_on_after(office.read(newest_id).result())
    furnish(office, folder=settings.playbook, playbook=playbook, starting=False)
    return office


def say_once(settings: Settings, text: str, *, job_number: str) -> str:
    """Say one sentence as an employee and return the answer as text; alerts go to the outbox as always."""
    office = open_house(settings)
    try:
        return Terminal(office).say(text, job_number=job_number).plain_text()
    finally:
        office.close()


class Terminal:
    """Somebody's 1:1 chat with the bot, held at a terminal: what is said is handled as if heard there."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._registry = registry()

    def say(self, text: str, *, job_number: str) -> Card:
        """Say one sentence as an employee; returns the answer."""
        chats = self._office.read(partial(direct_chats, job_numbers=[job_number])).result()
        if not chats:
            return Card(title=f"没有工号 {job_number}，或者他没有绑定账号。")
        incoming = Incoming(
            platform=chats[0].platform,
            tenant=TERMINAL,
            message_id=token_hex(16),
            kind="text",
            chat_id=chats[0].chat_id,
            chat_kind="direct",
            sender_id=chats[0].chat_id,
            text=text,
        )
        return self._answer(incoming)

    def _answer(self, incoming: Incoming) -> Card:
        self._office.write(partial(journal.write_down, incoming=incoming)).result()
        desk = Desk(
            registry=self._registry, node=TERMINAL, mouths=frozenset({incoming.platform}), aloud=False
        )
        step = self._step(desk, key=journal.chat_key(incoming))
        if not isinstance(step, Handled) or not step.parcels:
            return Card(title="前面还有消息没有处理完。")
        parcel = step.parcels[-1]
        outcome = Delivered(provider_id=TERMINAL)
        self._office.write(partial(settle, parcel=parcel, outcome=outcome)).result()
        return parcel.out.card

    def _step(self, desk: Desk, *, key: str) -> Step:
        office = self._office
        try:
            step = office.write(partial(handling.take_next, desk=desk, key=key)).result()
            if not isinstance(step, Read):
                return step
            card = self._look(desk, step)
            answer = partial(handling.answer, desk=desk, inbox_id=step.inbox_id, card=card)
            return office.write(answer).result()
        except Failed as failed:
            if not isinstance(failed.cause, DomainError):
                raise
            refuse = partial(handling.refuse, desk=desk, inbox_id=failed.inbox_id, error=failed.cause)
            return office.write(refuse).result()

    def _look(self, desk: Desk, step: Read) -> Card:
        try:
            return self._office.read(partial(handling.look, desk=desk, step=step)).result()
        except DomainError as error:
            raise Failed(step.inbox_id, error) from error


def import_table(settings: Settings, path: Path) -> importing.Imported:
    """Read a table of routes, bills of material or materials into the database, all or nothing.

    Raises SheetUnreadable, PlaybookInvalid.
    """
    rows = read_rows(path)
    office = open_house(settings)
    try:
        return office.write(partial(importing.load, rows=rows, file=path.name)).result()
    finally:
        office.close()


def verify_state(settings: Settings) -> tuple[list[str], int]:
    """Replay every event and return the differences and the number of events."""
    office = open_house(settings)
    try:
        return office.read(verify.differences).result()
    finally:
        office.close()
