"""Whether a Banzhang, on whatever machine, holds the one connection of WeCom: its leased row says so."""

from functools import partial
from secrets import randbits
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from bot.keeper import lease_name
from bot.rules import Rules, read_playbook
from bot.settings import Settings
from domain.clock import Clock
from domain.ids import IdMaker
from domain.playbook import PlaybookInvalid
from domain.store import claims
from domain.store.office import open_office

_DOCTOR: Final = "doctor"


def is_held(settings: Settings, *, connection: str, clock: Clock) -> bool:
    """Read the lease, changing nothing; False also where there is no database yet to read it from."""
    try:
        rules = Rules(
            playbook=read_playbook(settings.playbook), clock=clock, new_id=IdMaker(node=randbits(16))
        )
        office = open_office(settings.database, rules.setting, node=_DOCTOR)
    except (PlaybookInvalid, SQLAlchemyError):
        return False
    try:
        return office.read(partial(claims.is_held, name=lease_name(connection))).result()
    except SQLAlchemyError:
        return False
    finally:
        office.close()
