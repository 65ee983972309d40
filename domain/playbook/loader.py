"""Files in, playbook or master data out; everything that is wrong is said at once."""

from pathlib import Path
from typing import Any, TypeVar

from domain.playbook.book import Playbook
from domain.playbook.checks import check_playbook
from domain.playbook.draft import Draft, draft
from domain.playbook.kinds import Rule
from domain.playbook.master import MasterData
from domain.playbook.master_checks import check_master
from domain.playbook.problems import PlaybookInvalid
from domain.playbook.source import read_source

Whole = TypeVar("Whole", bound=Rule)


def load(path: Path) -> Playbook:
    """Read the *.yaml of a folder (not of its sub-folders), or one file; raises PlaybookInvalid."""
    read = draft(Playbook, read_source(path))
    check_playbook(read)
    return _whole(Playbook, read)


def load_master(path: Path, *, playbook: Playbook | None = None) -> MasterData:
    """Read a folder of master data; with `playbook`, departments, operations and prefixes are checked too.

    Raises PlaybookInvalid with all problems.
    """
    read = draft(MasterData, read_source(path))
    check_master(read, playbook=playbook)
    return _whole(MasterData, read)


def _whole(model: type[Whole], read: Draft) -> Whole:
    if read.problems:
        raise PlaybookInvalid(read.problems)
    sections: dict[str, Any] = {name: value for name, value in read.source.data.items() if value is not None}
    return model.model_validate(sections)
