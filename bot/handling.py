"""One heard message, one transaction: taken in its order, done as it means, answered, marked done."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

from bot import questions
from bot.brought import NOTHING, Brought
from bot.contacts import change_of
from bot.journal import chat_key, from_json, write_down, write_down_alone
from bot.meaning import (
    Desk,
    allow,
    asked,
    context_of,
    greeting,
    language_of,
    meet,
    remember,
    respond,
    understand,
)
from bot.platforms.base import Incoming
from bot.steps import Failed, Handled, Idle, Prepare, Read, Step
from bot.tables import Posted
from commands.kit import Cancelled, Confirm, Context, Run, Understood, Unsettled
from commands.kit.imported import is_news, offer_card, wrong_card
from domain.actions.directory import take_note
from domain.errors import DomainError, NotPermitted, QuestionGone
from domain.models.directory import DirectoryChange
from domain.models.journal import Inbox, InboxState
from domain.queries.people import speaker
from domain.store import inbox, lanes
from domain.store.inbox import Waiting, still_waits
from domain.store.turns import ANSWER
from domain.work import Attempt, Work
from notifier import quota
from notifier.act import act
from notifier.card import Card
from notifier.delivery import ReplySlot
from notifier.post import Address, Parcel, post
from notifier.sentences import refusal
from notifier.text import speaking

PREPARE_SECONDS: Final = 60.0
ASIDE_AFTER: Final = 3
Words = Callable[[], Card]
"""Makes a card when it is known whose language is to be spoken."""


Heard = Inbox | Waiting


def hear(work: Work, *, desk: Desk, incoming: Incoming) -> tuple[bool, Attempt[Step]]:
    """Journal a message and take the next one of its chat, of which the first stands if the second fails."""
    message = None if incoming.media else write_down_alone(work, incoming=incoming, node=desk.node)
    if message is None:
        new = write_down(work, incoming=incoming)
        return new, work.attempt(partial(take_next, desk=desk, key=chat_key(incoming)))
    handle = partial(_take_heard, desk=desk, message=message, incoming=incoming)
    taken = work.attempt(handle, after_rows=False)
    if taken.error:
        still_waits(message)
    return True, taken


def _take_heard(work: Work, *, desk: Desk, message: Waiting, incoming: Incoming) -> Step:
    """Handle a message that is in nobody's hands and not even in the database."""
    try:
        return _handle(work, desk, message, incoming)
    except Exception as error:
        raise Failed(message.id, error) from error


def take_next(work: Work, *, desk: Desk, key: str) -> Step:
    """Take the chat's lowest waiting message and handle it, or say what must be done first."""
    lane = lanes.take(work, chat_key=key)
    if lane is None:
        return Idle(busy=True)
    message = (
        None if lanes.is_leased(work, lane) else inbox.lowest_pending(work, chat_key=key, node=desk.node)
    )
    if message is None:
        return Idle()
    try:
        return _take(work, desk, lane, message)
    except Exception as error:
        raise Failed(message.id, error) from error


def _take(work: Work, desk: Desk, lane: Any, message: Waiting) -> Step:
    """Handle a message; pictures are fetched first, by a node that has the connection."""
    incoming = from_json(message.payload)
    if not incoming.media:
        return _handle(work, desk, message, incoming)
    if incoming.platform not in desk.mouths:
        return Idle()
    fence = lanes.lease(work, lane, holder=desk.node, seconds=PREPARE_SECONDS)
    return Prepare(inbox_id=message.id, incoming=incoming, fence=fence)


def leave(work: Work, *, step: Prepare) -> Step:
    """Give the message back untouched: this node has lost the connection that its pictures come by."""
    lanes.take_leased(work, chat_key=chat_key(step.incoming), fence=step.fence)
    return Idle()


def take_prepared(work: Work, *, desk: Desk, step: Prepare, brought: Brought) -> Step:
    """Handle the message whose pictures have been decoded; Idle if another node took it over meanwhile."""
    key = chat_key(step.incoming)
    message = inbox.lowest_pending(work, chat_key=key, node=desk.node)
    if message is None or message.id != step.inbox_id:
        return Idle()
    if not lanes.take_leased(work, chat_key=key, fence=step.fence):
        return Idle()
    raw = {**message.payload["raw"], "files": list(brought.files)}
    if brought.table:
        raw["table"] = brought.table.to_json()
    inbox.keep_payload(work, inbox_id=message.id, payload={**message.payload, "raw": raw})
    return _handle(work, desk, message, step.incoming, brought)


def _handle(work: Work, desk: Desk, message: Waiting, incoming: Incoming, brought: Brought = NOTHING) -> Step:
    if incoming.kind == "event" and (change := change_of(incoming)) is not None:
        return _directory_changed(work, message, incoming, change)
    meet(work, desk, incoming)
    ctx = context_of(work, desk, incoming, message_id=message.id, codes=brought.codes)
    if incoming.kind == "event":
        if incoming.text == quota.QUOTA_EVENT:
            quota.refused(work, platform=incoming.platform, reason=quota.HEARD_NOTHING)
        with speaking(language_of(work)):
            welcome = greeting(ctx, incoming)
        return _conclude(work, desk, message, incoming, card=welcome, behind=message.behind)
    waiting = asked(work, incoming)
    questions.refuse_late(incoming, waiting)
    if (pressed := questions.agreed(incoming, waiting)) is not incoming:
        inbox.keep_guard(work, message, guard=pressed.guard)
        incoming, ctx = pressed, replace(ctx, said=pressed.text, guard=pressed.guard)
    meant = understand(work, desk, ctx, incoming=incoming, waiting=waiting)
    if isinstance(meant, Run) and meant.spec.reads:
        return Read(inbox_id=message.id, incoming=incoming, codes=brought.codes)
    with speaking(language_of(work)):
        if brought.table:
            about = questions.about_table(desk.registry, message=message.id)
            card, meant = _offered(ctx, about, brought.table)
        else:
            card, meant = _answered(work, ctx, meant)
        card = questions.on_a_card(card, meant, message=message.id)
        asks = questions.asked_by(card, meant)
        if waiting or asks:
            remember(work, incoming, asks=asks)
    return _conclude(work, desk, message, incoming, card=card, behind=message.behind)


def _answered(work: Work, ctx: Context, meant: Understood) -> tuple[Card, Understood]:
    """Do what was meant and return the answer; what the plant's rules want to know besides is asked for."""
    try:
        return act(work, lambda _work: respond(ctx, meant)), meant
    except Unsettled as doubt:
        if not isinstance(meant, Run | Confirm):
            raise
        asked = doubt.asked(meant)
        return respond(ctx, asked), asked


def _offered(ctx: Context, meant: Confirm, table: Posted) -> tuple[Card, Understood]:
    """Return what a posted table would change, and ask whether it shall; or say what is wrong with it."""
    allow(ctx, meant)
    if table.found and is_news(table.found):
        return offer_card(table.found, file=table.name), meant
    card = offer_card(table.found, file=table.name) if table.found else None
    return card or wrong_card(table.wrong, file=table.name, whole=table.whole), Cancelled()


def _directory_changed(work: Work, message: Heard, incoming: Incoming, change: DirectoryChange) -> Handled:
    """Act on an event of the organisation: nobody said it, nobody is answered."""
    work.message = message.id
    act(work, partial(take_note, platform=incoming.platform, change=change))
    _mark_done(work, message, answer=None)
    return Handled()


def _conclude(
    work: Work, desk: Desk, message: Heard, incoming: Incoming, *, card: Card | None, behind: int | None
) -> Handled:
    """Number the answer if it was an act, queue it `behind` another, and say that the message is done."""
    answer = None
    if any(event.type != "act.refused" for event in work.happened):
        answer = lanes.next_answer(work, chat_key=message.chat_key)
    parcel = None
    if card is not None:
        mention = (work.actor.person_id,) if incoming.chat_kind == "group" and work.actor.person_id else ()
        said = replace(card, number=answer, mentions=card.mentions or mention)
        parcel = _reply(work, desk, message, incoming, said, behind=behind)
    _mark_done(work, message, answer=answer)
    more = not isinstance(message, Waiting) or message.more
    return Handled(parcels=(parcel,) if parcel else (), more=more, mail=work.has_mail)


def _mark_done(work: Work, message: Heard, *, answer: int | None) -> None:
    row = message.row if isinstance(message, Waiting) else None
    inbox.mark_done(work, inbox_id=message.id, person_id=work.actor.person_id, answer_no=answer, row=row)


def _reply(
    work: Work, desk: Desk, message: Heard, incoming: Incoming, card: Card, *, behind: int | None
) -> Parcel | None:
    """Queue an answer; it goes from this node at once, unless an older one of the chat must go before it."""
    to = Address(
        platform=incoming.platform,
        chat_id=incoming.chat_id,
        chat_kind=incoming.chat_kind,
        asker=(work.actor.person_id, incoming.sender_id) if work.actor.person_id else None,
    )
    slot: ReplySlot | None = incoming.slot
    first = not behind or not desk.aloud
    lease = desk.node if first and incoming.platform in desk.mouths and desk.reaches(to.key) else ""
    return post(
        work,
        to,
        card,
        kind=ANSWER,
        dedup_key=f"reply:{message.id}",
        slot=slot,
        lease=lease,
        behind=behind or 0,
    )


def look(work: Work, *, desk: Desk, step: Read) -> Card:
    """Answer a question on a read-only connection."""
    ctx = context_of(work, desk, step.incoming, message_id=step.inbox_id, codes=step.codes)
    waiting = asked(work, step.incoming)
    meant = understand(work, desk, ctx, incoming=step.incoming, waiting=waiting)
    with speaking(language_of(work)):
        return respond(ctx, meant)


def answer(work: Work, *, desk: Desk, inbox_id: int, card: Card, refused: DomainError | None = None) -> Step:
    """Store the answer to a question, or the sentence of a refusal; Idle if the message is done already."""
    message = inbox.lock(work, inbox_id=inbox_id)
    if message.state is not InboxState.PENDING:
        return Idle()
    incoming = from_json(message.payload)
    context_of(work, desk, incoming, message_id=inbox_id, codes=())
    behind = lanes.free(work, chat_key=message.chat_key, node=desk.node)
    if isinstance(refused, NotPermitted):
        work.record("act.refused", data={"permission": refused.permission, "said": incoming.text[:200]})
    if not isinstance(refused, QuestionGone):
        with speaking(language_of(work)):
            remember(work, incoming, asks=None)
    return _conclude(work, desk, message, incoming, card=card, behind=behind)


def refuse(work: Work, *, desk: Desk, inbox_id: int, error: DomainError) -> Step:
    """Tell the author why nothing was done."""
    return tell(work, desk=desk, inbox_id=inbox_id, words=partial(refusal, error), refused=error)


def tell(work: Work, *, desk: Desk, inbox_id: int, words: Words, refused: DomainError | None = None) -> Step:
    """Answer what no command could, in the author's language."""
    message = inbox.lock(work, inbox_id=inbox_id)
    card = _in_words_of(work, message, words)
    return answer(work, desk=desk, inbox_id=inbox_id, card=card, refused=refused)


def _in_words_of(work: Work, message: Inbox, words: Words) -> Card:
    actor = speaker(work, platform=message.platform, user_id=from_json(message.payload).sender_id)
    work.actor = actor or work.actor
    with speaking(language_of(work)):
        return words()


def count_crash(work: Work, *, desk: Desk, inbox_id: int, incident: str, sorry: Words | None) -> Step:
    """Count a bug; the third time the message is put aside and its author is told the incident's number.

    Without `sorry` nobody is told: the telling itself was the bug.
    """
    message = inbox.lock(work, inbox_id=inbox_id)
    if message.state is not InboxState.PENDING:
        return Idle()
    state = inbox.count_failure(work, inbox_id=inbox_id, incident=incident, aside_after=ASIDE_AFTER)
    behind = lanes.free(work, chat_key=message.chat_key, node=desk.node)
    if state is not InboxState.ASIDE or sorry is None:
        return Handled()
    incoming = from_json(message.payload)
    parcel = _reply(work, desk, message, incoming, _in_words_of(work, message, sorry), behind=behind)
    return Handled(parcels=(parcel,) if parcel else ())
