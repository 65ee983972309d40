"""What a heard message means: who speaks, where, what is meant, may they, and the answer."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from bot import questions
from bot.journal import chat_key
from bot.platforms.base import Incoming
from bot.tried import try_out
from bot.vocabulary import Words
from commands import kit
from commands.helping import helping
from commands.kit import Ask, Confirm, Context, Pending, Registry, Run, Speaker, Understood
from commands.kit.guards import andon_number
from commands.kit.here import from_here
from domain import codes
from domain.codes import Kind
from domain.errors import HasLeft, NotPermitted, UnknownPerson
from domain.models.people import Chat
from domain.permits import may, who_may
from domain.queries import andons
from domain.queries.people import leaver, speaker
from domain.store import chats, claims
from domain.store.claims import Question
from domain.work import Actor, Work
from notifier.card import Card
from notifier.quota import QUOTA_EVENT, unheard

SAYABLE: Final = frozenset({Kind.ORDER, Kind.LOT, Kind.STATION, Kind.EQUIPMENT})
"""Kinds of code that stand for a word of a sentence."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What handling needs besides the work: the commands, the plant's words, and who sends from this node.

    `mouths` are the platforms of this node, by which pictures can be fetched; `reaches` says whether it can
    speak to the chat of a key now. Not `aloud`: answers are read where they were asked, not in the chat.
    """

    registry: Registry
    node: str
    mouths: Collection[str]
    reaches: Callable[[str], bool] = bool
    aloud: bool = True
    words: Words = field(default_factory=Words)
    met: set[str] = field(default_factory=set)


def meet(work: Work, desk: Desk, incoming: Incoming) -> None:
    """Remember a chat that is heard for the first time.

    It is known for good once it is found in the database: this very message may be refused, and rolled back.
    """
    key = chat_key(incoming)
    if key in desk.met or not incoming.chat_id:  # what the platform itself says belongs to no chat
        return
    if chats.is_known(work, chat_key=key):
        desk.met.add(key)
    else:
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


def context_of(
    work: Work, desk: Desk, incoming: Incoming, *, message_id: int, codes: tuple[str, ...]
) -> Context:
    """Return what a command is handed; from here on the work acts as who speaks."""
    actor = speaker(work, platform=incoming.platform, user_id=incoming.sender_id)
    department, line = desk.words.place(work, chat_key=chat_key(incoming))
    work.message, work.heard_in = message_id, chat_key(incoming)
    work.actor = _standing(actor, line) if actor else _stranger(incoming, line)
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


def _standing(actor: Actor, line: str) -> Actor:
    place = actor.station or line or actor.place
    return actor if actor.place == place else replace(actor, place=place)


def _stranger(incoming: Incoming, line: str) -> Actor:
    return Actor(name=incoming.sender_name or incoming.sender_id[:20], place=line)


def language_of(work: Work) -> str:
    """Return the language of who speaks."""
    rule = work.playbook.people_by_number.get(work.actor.job_number)
    return rule.language if rule else work.playbook.site.language


def asked(work: Work, incoming: Incoming) -> Question | None:
    """Return what this person was asked in this chat and has not answered."""
    return claims.dialogue(work, chat_key=work.heard_in, sender=incoming.sender_id)


def understand(
    work: Work, desk: Desk, ctx: Context, *, incoming: Incoming, waiting: Question | None
) -> Understood:
    """Return what the message means, an open question to this person included.

    The plant's own word for a command stands for it unless the sentence is whole as it was said.
    """
    pending = Pending.from_json(waiting.pending) if waiting else None
    said = partial(
        kit.understand,
        desk.registry,
        vocabulary=ctx.vocabulary,
        now=work.now.astimezone(work.playbook.zone),
        pending=pending,
    )
    text = incoming.text
    answers = pending is not None and pending.kind != "suggest"
    in_words = text.strip() or answers
    read = [plain_code(code) for code in ctx.codes] if in_words else ctx.codes
    meant = from_here(ctx, said(text, codes=read))
    whole = answers or isinstance(meant, Run | Confirm)
    if not whole and (own := desk.words.reworded(work, text)) != text:
        meant = from_here(ctx, said(own, codes=read))
    if isinstance(meant, kit.NotUnderstood) and ctx.codes and not answers:
        return said("", codes=ctx.codes)  # words that mean nothing beside a code (这是什么): the code speaks
    return meant


def plain_code(text: str) -> str:
    """Return what a scanned code stands for in a sentence: the order, lot or station itself."""
    reading = codes.read(text)
    if not isinstance(reading, codes.Code):
        return text
    if reading.kind is Kind.LOT and reading.material and reading.source is codes.Source.OWN:
        return f"{reading.material}/{reading.value}"
    return reading.lot or reading.value if reading.kind in SAYABLE else text


def respond(ctx: Context, meant: Understood) -> Card:
    """Do what was meant, if the speaker may, and return the answer; a DomainError passes through."""
    match meant:
        case Run():
            allow(ctx, meant)
            return kit.execute(meant, ctx)
        case Ask():
            allow(ctx, meant)
            return kit.ask(ctx, meant)
        case Confirm():
            allow(ctx, meant)
            try_out(ctx, meant)
            return kit.confirm(meant)
        case kit.Suggest():
            return kit.suggest(ctx, meant)
        case kit.Cancelled():
            return kit.cancelled(meant)
        case _:
            return kit.explain(ctx, meant)


def allow(ctx: Context, meant: Run | Ask | Confirm) -> None:
    """Refuse who may not: strangers may call for help and bind their account; others what roles grant."""
    needed = meant.spec.permission
    playbook = ctx.work.playbook
    if not needed or may(ctx.work.actor, needed, playbook=playbook):
        return
    if ctx.person is None:
        if gone := leaver(ctx.work, platform=ctx.chat.platform, user_id=ctx.sender_id):
            raise HasLeft(name=gone)
        raise UnknownPerson(name=ctx.work.actor.name)
    if andon := meant.arguments.get("andon"):
        andons.numbered(ctx.work, andon_number(andon))  # of what does not exist it is said that it does not
    raise NotPermitted(permission=needed, who=who_may(ctx.work, needed))


def remember(work: Work, incoming: Incoming, *, asks: Question | None) -> None:
    """Keep the question that is open now; any other message ends the one before, and its card says so."""
    lasts = work.playbook.dialogue.expires
    ended = claims.put_dialogue(
        work, chat_key=work.heard_in, sender=incoming.sender_id, new=asks, lasts=lasts
    )
    questions.close(work, incoming, ended)


def greeting(ctx: Context, incoming: Incoming) -> Card | None:
    """Return what an event is answered with: entering the 1:1 chat, and words that the platform kept back."""
    if incoming.text == QUOTA_EVENT:
        return unheard(incoming.platform)
    if incoming.text != "enter_chat":
        return None
    return helping(ctx)
