"""One heard message, one transaction: who speaks, what is meant, may they, do it, answer."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from bot.platforms.base import Incoming, MediaRef
from bot.vocabulary import Words
from commands import kit
from commands.kit import Ask, Confirm, Context, Pending, Registry, Run, Speaker, Understood
from domain.errors import DomainError, NotPermitted, UnknownPerson
from domain.models.journal import Inbox, InboxState
from domain.models.people import Chat
from domain.permits import may
from domain.queries.people import speaker
from domain.store import chats, claims, inbox, lanes
from domain.work import Actor, Work
from notifier.act import act
from notifier.card import Card
from notifier.delivery import ReplySlot
from notifier.post import Address, Parcel, post, slot_from_json, slot_to_json
from notifier.sentences import refusal
from notifier.text import speaking

PREPARE_SECONDS: Final = 60.0
ASIDE_AFTER: Final = 3


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What handling needs besides the work: the commands, the plant's words, and who sends from this node."""

    registry: Registry
    node: str
    mouths: Collection[str]
    words: Words = field(default_factory=Words)
    met: set[str] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True)
class Idle:
    """Nothing waits in this chat, or another node has it."""


@dataclass(frozen=True, kw_only=True)
class Prepare:
    """The message has pictures: fetch and decode them, then come back with the fence."""

    inbox_id: int
    incoming: Incoming
    fence: int


@dataclass(frozen=True, kw_only=True)
class Read:
    """The message only asks: run it on a read-only connection, then answer."""

    inbox_id: int
    incoming: Incoming
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Handled:
    """Done and answered; the parcels are to be sent after the commit."""

    parcels: tuple[Parcel, ...] = ()


Step = Idle | Prepare | Read | Handled


class Failed(Exception):
    """Handling this message raised `cause`: a refusal to be told, or a bug to be counted."""

    def __init__(self, inbox_id: int, cause: Exception) -> None:
        super().__init__(f"{inbox_id}: {cause!r}")
        self.inbox_id = inbox_id
        self.cause = cause


def chat_key(incoming: Incoming) -> str:
    """Return the key of the chat it was said in."""
    return f"{incoming.platform}:{incoming.chat_id}"


def to_json(incoming: Incoming) -> dict[str, Any]:
    """Return a message as the inbox keeps it."""
    sent_at = incoming.sent_at.isoformat() if incoming.sent_at else None
    return {**asdict(incoming), "slot": slot_to_json(incoming.slot), "sent_at": sent_at}


def from_json(data: dict[str, Any]) -> Incoming:
    """Rebuild a message from its inbox row."""
    return Incoming(
        **{
            **data,
            "media": tuple(MediaRef(**ref) for ref in data["media"]),
            "slot": slot_from_json(data["slot"]),
            "sent_at": datetime.fromisoformat(data["sent_at"]) if data["sent_at"] else None,
        }
    )


def write_down(work: Work, *, incoming: Incoming) -> bool:
    """Journal a message; False if it stands there already."""
    written = inbox.write_down(
        work,
        platform=incoming.platform,
        tenant=incoming.tenant,
        message_id=incoming.message_id,
        chat_key=chat_key(incoming),
        payload=to_json(incoming),
    )
    return written is not None


def take_next(work: Work, *, desk: Desk, key: str) -> Step:
    """Take the chat's lowest waiting message and handle it, or say what must be done first."""
    lane = lanes.take(work, chat_key=key)
    message = inbox.lowest_pending(work, chat_key=key) if lane else None
    if lane is None or message is None:
        return Idle()
    incoming = from_json(message.payload)
    if incoming.media:
        fence = lanes.lease(work, lane, seconds=PREPARE_SECONDS)
        return Prepare(inbox_id=message.id, incoming=incoming, fence=fence)
    return _guarded(work, desk, message, incoming, codes=())


def take_prepared(
    work: Work, *, desk: Desk, step: Prepare, codes: Sequence[str], files: Sequence[str]
) -> Step:
    """Handle the message whose pictures have been decoded; Idle if another node took it over meanwhile."""
    key = chat_key(step.incoming)
    message = inbox.lowest_pending(work, chat_key=key)
    if message is None or message.id != step.inbox_id:
        return Idle()
    if lanes.take_leased(work, chat_key=key, fence=step.fence) is None:
        return Idle()
    message.payload = {**message.payload, "raw": {**message.payload["raw"], "files": list(files)}}
    return _guarded(work, desk, message, step.incoming, codes=tuple(codes))


def _guarded(work: Work, desk: Desk, message: Inbox, incoming: Incoming, *, codes: tuple[str, ...]) -> Step:
    try:
        return _handle(work, desk, message, incoming, codes=codes)
    except Exception as error:
        raise Failed(message.id, error) from error


def _handle(work: Work, desk: Desk, message: Inbox, incoming: Incoming, *, codes: tuple[str, ...]) -> Step:
    _meet(work, desk, incoming)
    ctx = _context(work, desk, incoming, message_id=message.id, codes=codes)
    if incoming.kind == "event":
        return _conclude(work, desk, message, incoming, card=_greeting(ctx, incoming))
    meant = _understand(work, desk, ctx, incoming)
    if isinstance(meant, Run) and meant.spec.reads:
        return Read(inbox_id=message.id, incoming=incoming, codes=codes)
    with speaking(_language(work)):
        card = act(work, lambda _work: _respond(ctx, meant))
    _remember(work, incoming, meant)
    return _conclude(work, desk, message, incoming, card=card)


def _meet(work: Work, desk: Desk, incoming: Incoming) -> None:
    key = chat_key(incoming)
    if key in desk.met:
        return
    if chats.get(work, chat_key=key) is None:
        department, line = desk.words.place(work, chat_key=key)
        work.session.add(
            Chat(
                chat_key=key,
                site_id=work.site_id,
                platform=incoming.platform,
                chat_id=incoming.chat_id,
                kind=incoming.chat_kind,
                title=incoming.chat_title[:120],
                department=department,
                line=line,
            )
        )
        work.session.flush()
    desk.met.add(key)


def _context(
    work: Work, desk: Desk, incoming: Incoming, *, message_id: int, codes: tuple[str, ...]
) -> Context:
    actor = speaker(work, platform=incoming.platform, user_id=incoming.sender_id)
    department, line = desk.words.place(work, chat_key=chat_key(incoming))
    work.message, work.heard_in = message_id, chat_key(incoming)
    work.actor = replace(actor, place=line or actor.place) if actor else _stranger(incoming, line)
    person = actor and Speaker(
        id=actor.person_id or 0, name=actor.name, department=actor.department, roles=actor.roles
    )
    return Context(
        work=work,
        person=person or None,
        chat=kit.Chat(
            id=incoming.chat_id,
            kind=incoming.chat_kind,
            platform=incoming.platform,
            line=line,
            department=department,
        ),
        vocabulary=desk.words.of(work),
        registry=desk.registry,
        said=incoming.text,
        codes=codes,
        guard=incoming.guard,
        sender_id=incoming.sender_id,
        sender_name=incoming.sender_name,
    )


def _stranger(incoming: Incoming, line: str) -> Actor:
    return Actor(name=incoming.sender_name or incoming.sender_id[:20], place=line)


def _language(work: Work) -> str:
    rule = work.playbook.people_by_number.get(work.actor.job_number)
    return rule.language if rule else work.playbook.site.language


def _understand(work: Work, desk: Desk, ctx: Context, incoming: Incoming) -> Understood:
    waiting = claims.dialogue(work, chat_key=work.heard_in, sender=incoming.sender_id)
    return kit.understand(
        desk.registry,
        incoming.text,
        vocabulary=ctx.vocabulary,
        now=work.now.astimezone(work.playbook.zone),
        pending=Pending.from_json(waiting) if waiting else None,
        codes=ctx.codes,
    )


def _respond(ctx: Context, meant: Understood) -> Card:
    match meant:
        case Run():
            _allow(ctx, meant)
            return kit.execute(meant, ctx)
        case Ask():
            _allow(ctx, meant)
            return kit.ask(ctx, meant)
        case Confirm():
            _allow(ctx, meant)
            return kit.confirm(meant)
        case kit.Suggest():
            return kit.suggest(meant)
        case kit.Cancelled():
            return kit.cancelled(meant)
        case _:
            return kit.explain(meant, registry=ctx.registry)


def _allow(ctx: Context, meant: Run | Ask | Confirm) -> None:
    """Strangers may call for help and bind their account; others what their roles grant."""
    needed = meant.spec.permission
    playbook = ctx.work.playbook
    if not needed or may(ctx.work.actor, needed, playbook=playbook):
        return
    if ctx.person is None:
        raise UnknownPerson(name=ctx.work.actor.name)
    raise NotPermitted(permission=needed, who="、".join(role.name for role in playbook.roles_with(needed)))


def _remember(work: Work, incoming: Incoming, meant: Understood) -> None:
    row = meant.row.to_json() if isinstance(meant, Ask | Confirm) else None
    lasts = work.playbook.dialogue.expires
    claims.put_dialogue(work, chat_key=work.heard_in, sender=incoming.sender_id, pending=row, lasts=lasts)


def _greeting(ctx: Context, incoming: Incoming) -> Card | None:
    """Return what an event is answered with: entering the 1:1 chat is greeted, the rest is only journaled."""
    if incoming.text != "enter_chat":
        return None
    return kit.help_card(ctx.registry, may=lambda spec: not spec.permission or ctx.person is not None)


def _conclude(work: Work, desk: Desk, message: Inbox, incoming: Incoming, *, card: Card | None) -> Handled:
    """Number the answer if it was an act, queue it, and say that the message is done."""
    answer = None
    if any(event.type != "act.refused" for event in work.happened):
        lane = lanes.of(work, chat_key=message.chat_key)
        answer = lanes.next_answer(work, lane)
    parcel = None
    if card is not None:
        mention = (work.actor.person_id,) if incoming.chat_kind == "group" and work.actor.person_id else ()
        said = replace(card, number=answer, mentions=card.mentions or mention)
        parcel = _reply(work, desk, message, incoming, said)
    inbox.mark_done(work, inbox_id=message.id, person_id=work.actor.person_id, answer_no=answer)
    return Handled(parcels=(parcel,) if parcel else ())


def _reply(work: Work, desk: Desk, message: Inbox, incoming: Incoming, card: Card) -> Parcel | None:
    to = Address(platform=incoming.platform, chat_id=incoming.chat_id, chat_kind=incoming.chat_kind)
    slot: ReplySlot | None = incoming.slot
    lease = desk.node if incoming.platform in desk.mouths else ""
    return post(work, to, card, kind="reply", dedup_key=f"reply:{message.id}", slot=slot, lease=lease)


def look(work: Work, *, desk: Desk, step: Read) -> Card:
    """Answer a question on a read-only connection."""
    ctx = _context(work, desk, step.incoming, message_id=step.inbox_id, codes=step.codes)
    meant = _understand(work, desk, ctx, step.incoming)
    with speaking(_language(work)):
        return _respond(ctx, meant)


def answer(work: Work, *, desk: Desk, inbox_id: int, card: Card, refused: DomainError | None = None) -> Step:
    """Store the answer to a question, or the sentence of a refusal; Idle if the message is done already."""
    message = work.session.get(Inbox, inbox_id)
    if message is None or message.state is not InboxState.PENDING:
        return Idle()
    incoming = from_json(message.payload)
    _context(work, desk, incoming, message_id=inbox_id, codes=())
    lanes.free(work, chat_key=message.chat_key)
    if isinstance(refused, NotPermitted):
        work.record("act.refused", data={"permission": refused.permission, "said": incoming.text[:200]})
    claims.put_dialogue(
        work,
        chat_key=work.heard_in,
        sender=incoming.sender_id,
        pending=None,
        lasts=work.playbook.dialogue.expires,
    )
    return _conclude(work, desk, message, incoming, card=card)


def refuse(work: Work, *, desk: Desk, inbox_id: int, error: DomainError) -> Step:
    """Tell the author why nothing was done."""
    message = work.session.get(Inbox, inbox_id)
    if message is not None:
        actor = speaker(work, platform=message.platform, user_id=from_json(message.payload).sender_id)
        work.actor = actor or work.actor
    with speaking(_language(work)):
        card = refusal(error)
    return answer(work, desk=desk, inbox_id=inbox_id, card=card, refused=error)


def count_crash(work: Work, *, desk: Desk, inbox_id: int, incident: str, sorry: Card) -> Step:
    """Count a bug; the third time the message is put aside and its author is told the incident's number."""
    state = inbox.count_failure(work, inbox_id=inbox_id, incident=incident, aside_after=ASIDE_AFTER)
    message = work.session.get_one(Inbox, inbox_id)
    lanes.free(work, chat_key=message.chat_key)
    if state is not InboxState.ASIDE:
        return Handled()
    incoming = from_json(message.payload)
    parcel = _reply(work, desk, message, incoming, sorry)
    return Handled(parcels=(parcel,) if parcel else ())
