"""How a rule of announcing tells: a card to some chats, each once, in the transaction of its event."""

from collections.abc import Callable, Iterable

from domain.permits import departments_of
from domain.queries import people
from domain.queries.people import Reach
from domain.work import Happened, Work
from notifier.card import Card
from notifier.delivery import ChatKind
from notifier.post import Address, dedup, post

Rule = Callable[[Work, Happened, str], None]
"""What to do about an event; the text is the key of the card that the answer itself replaces, if it does."""


def tell(
    work: Work,
    happened: Happened,
    places: Iterable[Reach],
    *,
    card: Card,
    kind: str = "notice",
    urgent: bool = False,
    guard: tuple[int, int] | None = None,
    here: bool = False,
) -> None:
    """Queue the card for these chats, each once; `here`: also for the one in which it was said."""
    told: set[str] = set() if here else {work.heard_in}
    for reach in places:
        to = address(reach)
        if to.key in told:
            continue
        told.add(to.key)
        post(
            work,
            to,
            card,
            kind=kind,
            dedup_key=dedup(str(happened.id), to.key),
            urgent=urgent,
            event_id=happened.id,
            guard_id=guard[0] if guard else None,
            guard_generation=guard[1] if guard else None,
        )


def address(reach: Reach) -> Address:
    """Return where a message to this chat goes."""
    kind: ChatKind = "group" if reach.kind == "group" else "direct"
    return Address(platform=reach.platform, chat_id=reach.chat_id, chat_kind=kind)


def ref(happened: Happened, kind: str) -> int:
    """Return the id of the event's subject of this kind."""
    return next(ref for subject, ref in happened.subjects if subject == kind)


def departments_that(work: Work, permission: str) -> list[Reach]:
    """Return the groups of the departments whose trade this is."""
    codes = departments_of(work.playbook, permission)
    return [reach for code in codes for reach in people.department_chats(work, department=code)]
