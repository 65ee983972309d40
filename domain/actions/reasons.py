"""Why pieces are bad: the playbook's reasons by their names, and what people say besides."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from domain.errors import ReasonMissing
from domain.playbook import Playbook
from domain.playbook.rules import Reason
from domain.work import Work

KINDS: Final = ("scrap", "rework")
NOTE: Final = 80


def sorted_out(
    playbook: Playbook, *, said: Sequence[str], note: str, scrap: Decimal, rework: Decimal
) -> dict[str, str]:
    """Return what people gave as reasons, by what they are for: the codes of known ones, else their words.

    A reason goes to the pieces of its kind; where there are none of these, to the others by its name. What is
    left over is kept under `note`.
    """
    wanted = [kind for kind, pieces in zip(KINDS, (scrap, rework), strict=True) if pieces]
    given: dict[str, str] = {}
    left = [note] if note else []
    for word in said:
        reason = _named(playbook, word, wanted)
        if reason is not None and reason.kind not in given:
            given[reason.kind] = reason.code
        else:
            left.append(word)
    for kind in wanted:
        if kind not in given and left:
            given[kind] = left.pop(0)[:NOTE]
    return given | ({"note": " ".join(left)[:NOTE]} if left else {})


def _named(playbook: Playbook, word: str, kinds: Sequence[str]) -> Reason | None:
    known = playbook.reasons_of(*kinds)
    return next((it for it in known if word in (it.code, it.name, *it.aliases)), None)


def missing(
    playbook: Playbook, *, given: Mapping[str, str], scrap: Decimal, rework: Decimal
) -> tuple[str, Sequence[str]]:
    """Return for what the plant wants a reason that is not there, and the reasons it knows; "" if nothing."""
    for kind, pieces in zip(KINDS, (scrap, rework), strict=True):
        if pieces and kind not in given and kind in playbook.floor.reasons:
            return kind, [it.name for it in playbook.reasons_of(kind)]
    return "", ()


def demand(
    work: Work, *, order: str, operation: str, given: Mapping[str, str], scrap: Decimal, rework: Decimal
) -> None:
    """Refuse a report without the reasons that the plant wants; raises ReasonMissing with those it knows."""
    kind, known = missing(work.playbook, given=given, scrap=scrap, rework=rework)
    if kind:
        said = "、".join(known)
        raise ReasonMissing(order=order, operation=operation, bad=kind, reasons=said)


def named(playbook: Playbook, word: str) -> str:
    """Return what people call a reason of an event: its name, or the words that were said."""
    return next((it.name for it in playbook.reasons if it.code == word), word)
