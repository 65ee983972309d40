"""What could not be delivered is told to the next one who should know: no message ends in a count only.

Each message has a short list of doors: the same person on another platform, the contact of the department
whose group it was, its head, the plant manager. A telling that dies itself takes the next door of the same
list, so the list's end is the end; then a line in the log and /healthz say that nobody was told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import structlog

from domain.actions.andon_unheard import climb
from domain.models.journal import Inbox, Outbox
from domain.playbook import Playbook
from domain.playbook.plant import Department
from domain.queries.outbox import Call, merged_calls
from domain.queries.people import Reach, every_direct_chat, speaker, title_of
from domain.store import andons, outbox
from domain.work import Work
from notifier import names
from notifier.card import Card
from notifier.followed import follows
from notifier.post import dedup, post
from notifier.telling import address
from notifier.text import _, speaking

EXPIRED: Final = "expired"
WAITS: Final = "waits"
INSTEAD: Final = "instead:"
"""How the dedup key of a telling begins; the id of the message it stands for follows, then the chat."""
NOBODY: Final = " -> nobody"
PLATFORM_DOWN: Final = (EXPIRED, "本月")
log = structlog.get_logger()


def tell(work: Work, row: Outbox) -> None:
    """Queue for the next door what a dead message said; its reason names the door."""
    first = _first(work, row)
    if not _matters(work, first):
        return
    door = _next_door(work, first, elsewhere=row.reason.startswith(PLATFORM_DOWN))
    if _person_missed(work, first, door):
        for call in _calls(work, first):
            climb(work, andon_id=call.andon_id, missed=first.chat_key)
    if door is None:
        row.reason += NOBODY
        log.error("outbox.nobody_told", id=first.id, kind=first.kind, chat=first.chat_key, reason=row.reason)
        return
    _post(work, first, door, reason=row.reason)
    row.reason += f" -> {address(door).key}"


def also(work: Work, row: Outbox) -> bool:
    """Say a call that has waited long to the same person on another platform; False if there is none."""
    door = other_platform(work, row)
    if door is None:
        return False
    _post(work, _first(work, row), door, reason=row.reason or WAITS)
    return True


def other_platform(work: Work, row: Outbox) -> Reach | None:
    """Return the first chat of the same person on another platform that this call has not been said in."""
    first = _first(work, row)
    others = [it for it in _same_person(work, first) if it.platform != row.platform]
    used = (
        outbox.known(work, [_key(first, it) for it in others]) if others and _matters(work, first) else None
    )
    return None if used is None else next((it for it in others if _key(first, it) not in used), None)


def _first(work: Work, row: Outbox) -> Outbox:
    """Return the message that a telling stands for; any other stands for itself."""
    if not row.dedup_key.startswith(INSTEAD):
        return row
    return outbox.by_id(work, int(row.dedup_key.split(":")[1]))


def _matters(work: Work, first: Outbox) -> bool:
    """Whether it is still true what it says: not if the andon has moved on since."""
    return first.guard_id is None or andons.generation(work, first.guard_id) == first.guard_generation


def _calls(work: Work, first: Outbox) -> Sequence[Call]:
    """Return the calls that a message says, one or several as one, and that are still true."""
    said = [Call(andon_id=first.guard_id, generation=first.guard_generation or 0)] if first.guard_id else []
    said += merged_calls(work, outbox_id=first.id, chat_key=first.chat_key)
    return [it for it in said if andons.generation(work, it.andon_id) == it.generation]


def _person_missed(work: Work, first: Outbox, door: Reach | None) -> bool:
    """Whether who was called in person has not heard it, and has no other door."""
    if first.kind != "alert" or first.chat_kind != "direct":
        return False
    return door is None or address(door).key not in {address(it).key for it in _same_person(work, first)}


def _next_door(work: Work, first: Outbox, *, elsewhere: bool) -> Reach | None:
    doors = {address(it).key: it for it in _doors(work, first, elsewhere=elsewhere)}
    doors.pop(first.chat_key, None)
    used = outbox.known(work, [_key(first, it) for it in doors.values()])
    return next((it for it in doors.values() if _key(first, it) not in used), None)


def _doors(work: Work, first: Outbox, *, elsewhere: bool) -> Iterator[Reach]:
    """Give every door in order; `elsewhere`: the platform is down or used up, others come first."""
    yield from _of_person(_same_person(work, first), first, elsewhere=elsewhere)
    numbers = [work.playbook.site.plant_manager]
    if unit := _department(work, first):
        numbers = [unit.contact_window, unit.leader_or_head, unit.head, *numbers]
    for job_number in dict.fromkeys(numbers):
        chats = every_direct_chat(work, job_number=job_number)
        yield from _of_person(chats, first, elsewhere=elsewhere)


def _of_person(chats: list[Reach], first: Outbox, *, elsewhere: bool) -> list[Reach]:
    return sorted(chats, key=lambda it: (it.platform == first.platform) == elsewhere)


def _same_person(work: Work, first: Outbox) -> list[Reach]:
    """Return every own chat of whom it was for: who asked, or whose own chat it is."""
    account = first.chat_id if first.chat_kind == "direct" else _author(work, first)
    who = speaker(work, platform=first.platform, user_id=account) if account else None
    return every_direct_chat(work, job_number=who.job_number) if who else []


def _author(work: Work, first: Outbox) -> str:
    """Return the account that an answer in a group is for."""
    kind, _colon, number = first.dedup_key.partition(":")
    asked = work.session.get(Inbox, int(number)) if kind == "reply" else None
    return str(asked.payload.get("sender_id", "")) if asked else ""


def _department(work: Work, first: Outbox) -> Department | None:
    """Return whose group it is, or in whose department the person is."""
    playbook = work.playbook
    if first.chat_kind == "direct":
        owner = speaker(work, platform=first.platform, user_id=first.chat_id)
        return playbook.departments_by_word.get(owner.department) if owner else None
    return _of_group(playbook, platform=first.platform, chat_id=first.chat_id)


def _of_group(playbook: Playbook, *, platform: str, chat_id: str) -> Department | None:
    codes = {it.code for it in playbook.chats if (it.platform, it.id) == (platform, chat_id)}
    units = [it for it in playbook.departments if codes & set(it.chats)]
    units += [playbook.department(it.department) for it in playbook.lines if codes & set(it.chats)]
    return next(iter(units), None)


def _key(first: Outbox, door: Reach) -> str:
    return dedup(f"{INSTEAD}{first.id}", address(door).key)


def _post(work: Work, first: Outbox, door: Reach, *, reason: str) -> None:
    alert = first.kind == "alert"
    guard: dict[str, Any] = {"guard_id": first.guard_id, "guard_generation": first.guard_generation}
    with speaking(work.playbook.site.language):
        post(
            work,
            address(door),
            _card(work, first, reason=reason),
            kind="alert" if alert else "notice",
            dedup_key=_key(first, door),
            urgent=first.urgent,
            event_id=first.event_id,
            **guard,
        )


def _card(work: Work, first: Outbox, *, reason: str) -> Card:
    note = _("没能发到「{where}」：{reason}").format(where=_where(work, first), reason=_in_words(reason))
    try:
        card = Card.from_json(first.card)
    except (LookupError, TypeError, ValueError, AttributeError):
        return Card(title=_("有一条消息读不出来，没有发"), lines=(note,), tone="warn")
    key = card.key if follows(card.key) else ""
    return replace(card, key=key, number=None, mentions=(), lines=(*card.lines, note))


def _where(work: Work, first: Outbox) -> str:
    return f"{names.platform(first.platform)} {title_of(work, chat_key=first.chat_key)}"


def _in_words(reason: str) -> str:
    """Say a reason to people; those of platforms are in words already."""
    if reason.startswith(EXPIRED):
        return _("一直发不出去，已经过时")
    if reason == WAITS:
        return _("还没有发出去")
    return _("两次都没有等到回执") if reason.startswith("outcome unknown") else reason
