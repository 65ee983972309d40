"""From what happened to who must hear it: one table, event type to rule, inside the same transaction."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from domain.queries import andons, people
from domain.queries.outbox import told_of
from domain.queries.people import Reach
from domain.work import Happened, Work
from notifier import alerts
from notifier.card import Card
from notifier.delivery import ChatKind
from notifier.post import Address, post

Rule = Callable[[Work, Happened], None]


def announce(work: Work) -> None:
    """Queue what the events of this job must tell; an event without a rule tells nobody but who caused it."""
    for happened in tuple(work.happened):
        rule = RULES.get(happened.type)
        if rule is not None:
            rule(work, happened)


def _tell(
    work: Work,
    happened: Happened,
    places: Iterable[Reach],
    card: Card,
    *,
    kind: str = "notice",
    urgent: bool = False,
    guard: tuple[int, int] | None = None,
    also_here: bool = False,
) -> None:
    told: set[str] = set()
    for reach in places:
        to = address(reach)
        if to.key in told or (to.key == work.heard_in and not also_here):
            continue
        told.add(to.key)
        post(
            work,
            to,
            card,
            kind=kind,
            dedup_key=f"{happened.id}:{to.key}",
            urgent=urgent,
            event_id=happened.id,
            guard_id=guard[0] if guard else None,
            guard_generation=guard[1] if guard else None,
        )


def address(reach: Reach) -> Address:
    """Return where a message to this chat goes."""
    kind: ChatKind = "group" if reach.kind == "group" else "direct"
    return Address(platform=reach.platform, chat_id=reach.chat_id, chat_kind=kind)


def _ref(happened: Happened, kind: str) -> int:
    return next(ref for subject, ref in happened.subjects if subject == kind)


def _andon(work: Work, happened: Happened, *, calling: bool = False) -> None:
    """The andon's one card goes to its department's groups; who is called hears it in person too."""
    andon = andons.andon(work, _ref(happened, "andon"))
    called = tuple(happened.data.get("called", ())) if calling else ()
    urgent = andon.severity != "normal" or happened.type == "andon.escalated"
    guard = (andon.id, andon.generation)
    groups = list(people.department_chats(work, department=andon.department))
    persons = list(people.direct_chats(work, job_numbers=called)) if called else []
    card = alerts.andon_card(work, andon, called=called)
    _tell(work, happened, groups + persons, card, kind="alert", urgent=urgent, guard=guard, also_here=True)


def _andon_to_reporter(work: Work, happened: Happened) -> None:
    """The department sees the card change; the reporter hears it where they called."""
    _andon(work, happened)
    andon = andons.andon(work, _ref(happened, "andon"))
    reporter = people.chat(work, chat_key=andon.raised_in)
    groups = {address(reach).key for reach in people.department_chats(work, department=andon.department)}
    if reporter is not None and andon.raised_in not in groups:
        mention = (andon.reporter_id,) if andon.reporter_id else ()
        card = alerts.andon_card(work, andon)
        card = Card(**{**vars(card), "mentions": mention, "key": ""})
        _tell(work, happened, [reporter], card, guard=(andon.id, andon.generation))


def _confirm_due(work: Work, happened: Happened) -> None:
    andon = andons.andon(work, _ref(happened, "andon"))
    reporter = people.chat(work, chat_key=andon.raised_in)
    if reporter is not None:
        _tell(work, happened, [reporter], alerts.andon_card(work, andon), guard=(andon.id, andon.generation))


def _departments_that(work: Work, permission: str) -> list[Reach]:
    """Groups of the departments whose people's own trade this is (managers everywhere do not count)."""
    playbook = work.playbook
    trades = [role.code for role in playbook.roles_with(permission) if role.code not in LEADING_ROLES]
    codes = {it.department for it in playbook.people if set(trades) & set(it.roles) and it.department}
    return [reach for code in sorted(codes) for reach in people.department_chats(work, department=code)]


LEADING_ROLES: Final = frozenset({"team_leader", "department_head", "manager", "admin", "engineer"})


def _lot_received(work: Work, happened: Happened) -> None:
    _tell(work, happened, _departments_that(work, "lot.inspect"), alerts.lot_to_inspect(happened.data))


def _lot_inspected(work: Work, happened: Happened) -> None:
    _tell(work, happened, _departments_that(work, "lot.issue"), alerts.lot_inspected(happened.data))


def _order(work: Work, happened: Happened) -> None:
    """Those who prepared for the order: its line, and the departments of its operations."""
    line = people.line_chats(work, line=str(happened.data.get("line", "")))
    _tell(work, happened, line, alerts.order_moved(happened))


def _binding_requested(work: Work, happened: Happened) -> None:
    approver = people.approver_chats(work, binding_id=_ref(happened, "binding"))
    _tell(work, happened, approver, alerts.binding_requested(happened.data), urgent=True)


def _binding_answered(work: Work, happened: Happened) -> None:
    chat = people.chat(work, chat_key=str(happened.data["chat_key"]))
    if chat is not None:
        _tell(work, happened, [chat], alerts.binding_answered(happened), also_here=True)


def _voided(work: Work, happened: Happened) -> None:
    """Whoever was told of it hears that it is void; an andon's card is replaced."""
    if happened.data["type"].startswith("andon."):
        _andon(work, happened)
        return
    _tell(work, happened, told_of(work, event_id=happened.void_of or 0), alerts.voided(happened))


_calling = partial(_andon, calling=True)

RULES: Final[dict[str, Rule]] = {
    "andon.raised": _calling,
    "andon.repeated": _andon,
    "andon.escalated": _calling,
    "andon.acknowledged": _andon_to_reporter,
    "andon.contained": _andon_to_reporter,
    "andon.resolved": _andon_to_reporter,
    "andon.reopened": _calling,
    "andon.closed": _andon,
    "andon.confirm_due": _confirm_due,
    "lot.received": _lot_received,
    "lot.inspected": _lot_inspected,
    "order.released": _order,
    "order.paused": _order,
    "order.resumed": _order,
    "order.completed": _order,
    "binding.requested": _binding_requested,
    "binding.confirmed": _binding_answered,
    "binding.refused": _binding_answered,
    "act.voided": _voided,
}
