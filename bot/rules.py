"""What every job is handed: the playbook in force, the site, the clock's reading, fresh ids."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from domain.actions.master import load as load_master_data
from domain.actions.master import site_id, sync_people
from domain.clock import Clock
from domain.ids import IdMaker
from domain.playbook import Playbook, load, load_master
from domain.store import claims, nodes
from domain.store.office import Office
from domain.store.work import Setting
from domain.work import Work

CLOCK = "clock_offset"


@dataclass
class Rules:
    """The playbook in force and what goes with it."""

    playbook: Playbook
    clock: Clock
    new_id: IdMaker

    def setting(self) -> Setting:
        """Return what the office hands to a job that starts now."""
        return Setting(
            playbook=self.playbook,
            site_id=site_id(self.playbook.site.code),
            now=self.clock.now(),
            new_id=self.new_id,
        )


def read_playbook(folder: Path) -> Playbook:
    """Return the plant's rules; raises PlaybookInvalid with every problem's file and line."""
    return load(folder)


def furnish(office: Office, *, folder: Path, playbook: Playbook, starting: bool) -> None:
    """Bring a database up to the playbook; a node that is `starting` frees what dead ones have left."""
    office.write(sync_people).result()
    if (folder / "master").is_dir():
        master = load_master(folder / "master", playbook=playbook)
        office.write(lambda work: load_master_data(work, master=master)).result()
    if starting:
        office.write(partial(nodes.forget_dead, starting=True)).result()


def clock_offset(work: Work) -> timedelta:
    """Return how far this (demo) database's clock has been moved."""
    stored = claims.setting(work, CLOCK)
    return timedelta(seconds=float(stored["seconds"])) if stored else timedelta()


def keep_clock_offset(work: Work, *, offset: timedelta) -> None:
    """Store how far the clock has been moved, so that a restart stands at the same time."""
    claims.put_setting(work, CLOCK, {"seconds": offset.total_seconds()})
