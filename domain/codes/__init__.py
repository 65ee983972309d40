"""Scanned text -> Code: our own QR, GS1, Digital Link, ISO 15434 reel labels, LCSC; all else is Plain."""

from domain.codes.code import Ambiguous, Code, Kind, Plain, Reading, Source, Unreadable
from domain.codes.own import write
from domain.codes.profiles import PROFILES, Profile
from domain.codes.reader import read, read_lines

__all__ = [
    "PROFILES",
    "Ambiguous",
    "Code",
    "Kind",
    "Plain",
    "Profile",
    "Reading",
    "Source",
    "Unreadable",
    "read",
    "read_lines",
    "write",
]
