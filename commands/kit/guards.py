"""Stale buttons: a button made for an earlier state of an andon does nothing and says so."""

import re


def generation(guard: str) -> int | None:
    """Return the generation that a button's guard (`A-12@3`) was made for; None where there is no guard."""
    found = re.fullmatch(r"[^@]{1,40}@(\d{1,9})", guard)
    return int(found[1]) if found else None


def andon_number(code: str) -> int:
    """Return the number in an andon's code: A-12 -> 12."""
    return int(re.sub(r"\D", "", code) or 0)
