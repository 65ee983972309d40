"""Cards by which somebody was called or asked follow their andon: changed where they stand, without ringing.

Each was said as a message of its own, because only those ring; so each has a key of its own. The newest of a
chat shows how its andon stands, older ones only lose their buttons, and what no platform can change is left.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from domain.queries import andons
from domain.queries.andons import AndonView
from domain.queries.outbox import SaidCard, said_about
from domain.work import Happened, Work
from notifier import alerts
from notifier.card import Card
from notifier.delivery import NOT_IN_PLACE, ChatKind
from notifier.post import CHANGE, Address, dedup, post

CALL: Final = "call"
"""The card of who is called: what they can do about it."""
ASK: Final = "ask"
"""The card of who is to say whether it is good."""
SORTS: Final = (CALL, ASK)


def card_key(sort: str, *, andon_id: int, of: int) -> str:
    """Return the key of one such card; `of` is the event or message by which it was said."""
    return f"{sort}-{andon_id}:{of}"


def answer_key(work: Work) -> str:
    """Return the key of an answer that shows what to do next about the andon that has just been moved."""
    andon_id = next(ref for kind, ref in work.happened[-1].subjects if kind == "andon")
    return card_key(CALL, andon_id=andon_id, of=work.message or work.happened[-1].id)


def sort_of(key: str) -> str:
    """Return the part of a card's key that all calls (or all questions) of one andon have in common."""
    return key.partition(":")[0]


def follows(key: str) -> bool:
    """Whether a card of this key follows its andon."""
    return key.startswith(tuple(f"{sort}-" for sort in SORTS))


def follow(work: Work, happened: Happened) -> None:
    """Bring up to date what people have on their screens about the andon of this event, if it is of one."""
    andon_id = next((ref for subject, ref in happened.subjects if subject == "andon"), None)
    if andon_id is None:
        return
    sorts = [f"{sort}-{andon_id}:" for sort in SORTS]
    said = said_about(work, subject=("andon", andon_id), card_keys=sorts)
    if not said:
        return
    andon = andons.andon(work, andon_id)
    for cards in _by_place(said):
        *older, newest = cards.values()
        for one in older:
            _change(work, happened, andon, one, spent=True)
        _change(work, happened, andon, newest, spent=False)


def _by_place(said: Iterable[SaidCard]) -> Iterable[dict[str, list[SaidCard]]]:
    """Group versions by card, and cards by the chat and sort of which only the newest counts."""
    places: dict[tuple[str, str], dict[str, list[SaidCard]]] = {}
    for one in said:
        cards = places.setdefault((one.chat_key, sort_of(one.card_key)), {})
        cards.setdefault(one.card_key, []).append(one)
    return places.values()


def _change(
    work: Work, happened: Happened, andon: AndonView, versions: Sequence[SaidCard], *, spent: bool
) -> None:
    """Queue the next version of a card that somebody sees; a `spent` one only loses its buttons."""
    seen = _on_screen(versions)
    before = Card.from_json(seen.card) if seen else Card()
    if seen is None or (not before.buttons and (spent or seen.card_key.startswith(ASK))):
        return  # nothing to press; and whoever was asked is told of the rest
    card = _now(work, andon, sort=seen.card_key)
    card = replace(card, key=before.key, mentions=before.mentions, number=before.number)
    card = replace(card, buttons=()) if spent else card
    if _as_good(before, card):
        return
    kind: ChatKind = "group" if seen.chat_kind == "group" else "direct"
    guarded = not andon.void and not spent
    post(
        work,
        Address(platform=seen.platform, chat_id=seen.chat_id, chat_kind=kind),
        card,
        kind=CHANGE,
        dedup_key=dedup(str(happened.id), seen.card_key, seen.chat_key),
        event_id=happened.id,
        guard_id=andon.id if guarded else None,
        guard_generation=andon.generation if guarded else None,
    )


def _as_good(before: Card, after: Card) -> bool:
    """Whether a card need not be changed: each change is a call, and what can be pressed is still right."""
    if after.buttons:
        return before.buttons == after.buttons
    return (before.title, before.lines, before.buttons) == (after.title, after.lines, ())


def _on_screen(versions: Sequence[SaidCard]) -> SaidCard | None:
    """Return the version that stands in the chat, or None if nothing does that can be changed."""
    shown = [it for it in versions if it.standing]
    left_alone = any(it.reason == NOT_IN_PLACE.reason for it in versions)
    return None if not shown or left_alone or shown[0].text_only else shown[-1]


def _now(work: Work, andon: AndonView, *, sort: str) -> Card:
    if sort.startswith(ASK):
        return alerts.reporter_card(work, andon)
    return alerts.calling_card(work, andon)
