"""The factory's own rules as data: read from YAML, checked as a whole, frozen."""

from domain.playbook.book import Playbook
from domain.playbook.loader import load, load_master
from domain.playbook.master import MasterData
from domain.playbook.problems import PlaybookInvalid, Problem

__all__ = ["MasterData", "Playbook", "PlaybookInvalid", "Problem", "load", "load_master"]
