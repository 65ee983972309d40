"""From what happened to who must hear it: one table, event type to rule, inside the same transaction."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from domain.queries import andons, people
from domain.queries.andons import AndonView
from domain.queries.outbox import told_of
from domain.queries.people import Reach
from domain.work import Happened, Work
from notifier import alerts, followed
from notifier.card import Card
from notifier.digests import directory
from notifier.news import floor, lots, orders, supply, units
from notifier.ringing import ring_groups
from notifier.telling import Rule, address, ref, tell


def announce(work: Work, *, answer: Card | None = None) -> None:
    """Queue what the events of this job must tell; an event without a rule tells nobody but who caused it.

    Where the answer is a new version of a card (a button was pressed on it), that chat needs no other one.
    """
    for happened in tuple(work.happened):
        rule = RULES.get(happened.type)
        if rule is not None:
            rule(work, happened, answer.key if answer else "")
            followed.follow(work, happened)


def _andon(work: Work, happened: Happened, answered: str, *, calling: bool = False) -> None:
    """Bring the one card of the andon up to date in the groups of its department."""
    andon = andons.andon(work, ref(happened, "andon"))
    called = tuple(happened.data.get("called", ())) if calling else ()
    card = alerts.andon_card(work, andon, called=called, happened=happened.type)
    groups = people.department_chats(work, department=andon.department)
    _tell_of(work, happened, groups, card, andon, here=answered != card.key)
    if calling:
        ring_groups(work, happened, andon, card=card)


NEW_CALLS: Final = frozenset({"andon.raised", "andon.escalated", "andon.reopened"})
"""Events by which a rung of the ladder is called; how it rings is that rung's own."""


def _calling(work: Work, happened: Happened, answered: str) -> None:
    """Besides: who is called hears it in person, as a new message: a card that changes in place is silent.

    Whoever had taken it and lost it by a reopening hears that too. From then on it follows its andon.
    """
    _andon(work, happened, answered, calling=True)
    andon = andons.andon(work, ref(happened, "andon"))
    concerned = (*happened.data.get("called", ()), *happened.data.get("held_by", ()))
    ring = alerts.ring_of(work, andon) if happened.type in NEW_CALLS else ""
    key = followed.card_key(followed.CALL, andon_id=andon.id, of=happened.id)
    card = replace(alerts.calling_card(work, andon, happened=happened.type), key=key, ring=ring)
    persons = people.direct_chats(work, job_numbers=concerned)
    _tell_of(work, happened, persons, card, andon, here=True)


def _tell_of(
    work: Work, happened: Happened, places: Iterable[Reach], card: Card, andon: AndonView, *, here: bool
) -> None:
    urgent = andon.severity != "normal" or happened.type == "andon.escalated"
    guard = None if andon.void else (andon.id, andon.generation)
    tell(work, happened, places, card=card, kind="alert", urgent=urgent, guard=guard, here=here)


def _andon_to_reporter(work: Work, happened: Happened, answered: str) -> None:
    """The department sees the card change; the reporter hears it where they called."""
    _andon(work, happened, answered)
    andon = andons.andon(work, ref(happened, "andon"))
    if not alerts.asks_department(work, andon):
        _tell_reporter(work, happened, andon)


def _confirm_due(work: Work, happened: Happened, _answered: str) -> None:
    """Ask the reporter; when they stay silent, or a rule had called, the leader who has the ball now."""
    andon = andons.andon(work, ref(happened, "andon"))
    if not happened.data.get("called"):
        _tell_reporter(work, happened, andon)
        return
    leaders = people.direct_chats(work, job_numbers=happened.data["called"])
    places = leaders or people.department_chats(work, department=andon.department)
    tell(work, happened, places, card=_asking(work, happened, andon), guard=(andon.id, andon.generation))


def _tell_reporter(work: Work, happened: Happened, andon: AndonView) -> None:
    """Tell who called, with the buttons that are theirs: whether it is good now."""
    reporter = people.chat(work, chat_key=andon.raised_in)
    if reporter is not None:
        card = _asking(work, happened, andon)
        asks = happened.type == "andon.resolved"  # also where it was answered: the buttons are the reporter's
        tell(work, happened, [reporter], card=card, guard=(andon.id, andon.generation), here=asks)


def _asking(work: Work, happened: Happened, andon: AndonView) -> Card:
    """Return the reporter's card; with something to press on it, it follows its andon."""
    card = alerts.reporter_card(work, andon, happened=happened.type)
    key = followed.card_key(followed.ASK, andon_id=andon.id, of=happened.id)
    return replace(card, key=key if card.buttons else "")


def _binding_requested(work: Work, happened: Happened, _answered: str) -> None:
    approver = people.approver_chats(work, binding_id=ref(happened, "binding"))
    tell(work, happened, approver, card=alerts.binding_requested(happened.data))


def _binding_answered(work: Work, happened: Happened, _answered: str) -> None:
    chat = people.chat(work, chat_key=str(happened.data["chat_key"]))
    if chat is not None:
        tell(work, happened, [chat], card=alerts.binding_answered(happened), here=True)


def _voided(work: Work, happened: Happened, answered: str) -> None:
    """Whoever was told of it hears that it is void; an andon's card is replaced."""
    told = told_of(work, event_id=happened.void_of or 0)
    if happened.data["type"].startswith("andon."):
        _andon(work, happened, answered)
        andon = andons.andon(work, ref(happened, "andon"))
        _tell_reporter(work, happened, andon)
        card = replace(alerts.andon_card(work, andon), key="", buttons=())
        told = [it for it in told if address(it).key != andon.raised_in]
    else:
        card = floor.voided(work, happened) or alerts.voided(happened)
    tell(work, happened, told, card=card)


def _directory(work: Work, happened: Happened, _answered: str) -> None:
    """Whoever asked hears it; IT hears once what only they can settle."""
    asked = people.chat(work, chat_key=str(happened.data["asked"]))
    failed = happened.type == "directory.failed"
    news = failed or happened.data["conflicts"] or happened.data["code"]
    everybody = [
        *([asked] if asked else []),
        *(people.keepers(work, permission=IT, besides=happened.data["by"]) if news else []),
    ]
    card = (directory.failed if failed else directory.read)(happened.data)
    tell(work, happened, everybody, card=card, here=True)


def _left(work: Work, happened: Happened, _answered: str) -> None:
    """IT hears of a leaver whom the playbook still counts on."""
    if happened.data["job_number"] in work.playbook.people_by_number:
        tell(work, happened, people.keepers(work, permission=IT), card=directory.left(happened.data))


IT: Final = "system.admin"
RULES: Final[dict[str, Rule]] = {
    **lots.RULES,
    **orders.RULES,
    **units.RULES,
    **floor.RULES,
    **supply.RULES,
    "andon.raised": _calling,
    "andon.repeated": _calling,
    "andon.escalated": _calling,
    "andon.acknowledged": _andon_to_reporter,
    "andon.contained": _andon_to_reporter,
    "andon.resolved": _andon_to_reporter,
    "andon.reopened": _calling,
    "andon.handed_back": _calling,
    "andon.closed": _andon,
    "andon.confirm_due": _confirm_due,
    "binding.requested": _binding_requested,
    "binding.confirmed": _binding_answered,
    "binding.refused": _binding_answered,
    "act.voided": _voided,
    "person.left": _left,
    "directory.read": _directory,
    "directory.failed": _directory,
}
