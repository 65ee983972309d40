"""The cards with which the grammar itself speaks: questions, suggestions, and honest answers to riddles."""

from collections.abc import Sequence
from types import MappingProxyType

from commands.kit.context import Context
from commands.kit.dialogue import Ask, Cancelled, Confirm, NotUnderstood, Suggest
from commands.kit.once import once
from commands.kit.slots import BUTTONS
from commands.kit.spec import Spec
from notifier import names
from notifier.card import Button, Card
from notifier.text import _, listed

HELP = "帮助"
KINDS = MappingProxyType(
    {
        "order": "工单",
        "operation": "工序",
        "lot": "批次",
        "material": "物料",
        "station": "工位",
        "person": "人员",
        "equipment": "设备",
        "department": "部门",
        "andon": "异常",
        "product": "产品",
        "line": "产线",
        "serial": "序列号",
        "supplier": "供应商",
        "nonconformance": "不良评审",
        "approval": "审批",
        "handover": "交班",
        "timer": "计时",
        "finding": "缺口",
        "reason": "原因",
        "code": "编码",
    }
)


def ask(ctx: Context, question: Ask) -> Card:
    """Return the question for the missing argument, with what it could be as buttons.

    A button says the whole sentence so far: it works for anybody, also after the dialogue has expired.
    """
    slot, known = question.slot, question.sentence
    lines = [_("已记下：{known}").format(known=known)] if question.arguments else []
    lines += _unclear(question.unclear)
    lines.append(_("直接回复即可；不做了就回「取消」。"))
    words = question.options or _choices(ctx, question)
    buttons = tuple(_choice(question, word) for word in words[:BUTTONS])
    return Card(
        title=_("{verb}：还差{slot}").format(verb=question.spec.verb, slot=_(slot.label)),
        lines=tuple(lines),
        buttons=once(ctx, buttons) if _last(question) else buttons,
    )


def _choices(ctx: Context, question: Ask) -> Sequence[str]:
    slot, got = question.slot, question.arguments
    offered = question.spec.choices.get(slot.name) or ctx.registry.choices.get(slot.type.kind)
    return offered(ctx, got) if offered else slot.type.choices(ctx, got)


def _last(question: Ask) -> bool:
    """Say whether with this answer something is changed at once: nothing further is asked."""
    known = {*question.arguments, question.slot.name}
    slots = question.phrasing.slots
    return not question.spec.reads and all(slot.name in known for slot in slots if slot.required)


def _choice(question: Ask, word: str) -> Button:
    """Return a button that says the sentence so far with `word` in its place."""
    part = next(part for part in question.phrasing.usage.parts if part.slot == question.slot.name)
    sentence = question.sentence
    return Button(text=word, say=f"{sentence} {part.before}{word}{part.after}".strip())


def confirm(question: Confirm) -> Card:
    """Return the question before a dangerous act; only 确认 goes on."""
    return Card(
        title=_(question.question),
        lines=(question.sentence, _("回「确认」执行，回其他任何话都不执行。")),
        buttons=(Button(text=_("确认"), say="确认", style="danger"), Button(text=_("取消"), say="取消")),
        tone="warn",
    )


def suggest(ctx: Context, suggestion: Suggest) -> Card:
    """Return whole sentences to press for what was nearly understood; nothing was done."""
    offered = tuple(Button(text=one, say=one, style="primary") for one in suggestion.sentences)
    return Card(
        title=_("你是不是要说："),
        lines=(
            *suggestion.sentences,
            *_unclear(suggestion.unclear),
            _("还没有执行，对的话点一下，或者回「对」。")
            if suggestion.only
            else _("还没有执行，点一下或照样子再发一次。"),
        ),
        buttons=(*once(ctx, offered), _help(suggestion.spec)),
        tone="warn",
    )


def cancelled(done: Cancelled) -> Card:
    """Return the word that an open question is withdrawn."""
    if done.spec is None:
        return Card(title=_("已取消，什么都没有改动。"))
    return Card(title=_("「{what}」没有做，什么都没有改动。").format(what=done.spec.verb))


def explain(ctx: Context, riddle: NotUnderstood) -> Card:
    """Return an honest answer: what was recognised, what is possible, where help is."""
    if riddle.reason == "empty":
        return Card(title=_("我在。说一句话，或发一个码。"), buttons=(_help(None),))
    if riddle.reason == "nothing_pending":
        return Card(title=_("现在没有等你确认或取消的事。"), buttons=(_help(None),))
    if riddle.reason == "heard":
        return _heard(ctx)
    if riddle.near:
        near = riddle.near
        usage = _("「{verb}」这样说：{usage}").format(verb=near.verb, usage=near.usage)
        return Card(
            title=_("没有听懂，什么都没有改动。"), lines=(usage, *near.examples[:2]), buttons=(_help(near),)
        )
    likely = ctx.registry.likely or first_buttons
    offered = (likely(ctx, kind, name) for kind, name in riddle.found)
    buttons = tuple(next(filter(None, offered), ()))
    return Card(
        title=_("没有听懂，什么都没有改动。"),
        lines=_recognised(riddle.found, buttons),
        buttons=(*once(ctx, buttons), _help(None)),
    )


def _heard(ctx: Context) -> Card:
    """Answer who only says that they have heard: to have heard a call is not to have taken it."""
    called = ctx.registry.choices.get("call")
    waiting = called(ctx, {}) if called else ()
    calls = tuple(Button(text=f"接 {it}", say=f"接 {it}") for it in waiting[:BUTTONS])
    lines = (_("说「收到」还不算接，要接请点一下。"),) if calls else ()
    return Card(title=_("好的。"), lines=lines, buttons=(*once(ctx, calls), _help(None)))


def _recognised(found: Sequence[tuple[str, str]], buttons: Sequence[Button]) -> tuple[str, ...]:
    if not found:
        return (_("换个说法，或看看能说什么。"),)
    things = listed(f"{_kind(kind)} {name}" for kind, name in dict.fromkeys(found))
    lines = (_("看到了：{things}，但不知道要做什么。").format(things=things),)
    return (*lines, _("可以说：{verbs}").format(verbs=listed(it.say for it in buttons))) if buttons else lines


def first_buttons(ctx: Context, kind: str, name: str) -> Sequence[Button]:
    """Return the first few commands about things of this kind, said of the one that was named."""
    return [button_for(spec, kind, name) for spec in ctx.registry.taking(kind)[:4]]


def button_for(spec: Spec, kind: str, name: str) -> Button:
    """Return a button that says a command about a thing."""
    phrasing, slot = next(found for one in spec.phrasings if (found := one.takes(kind)))
    said = phrasing.sentence({slot.name: (name,) if slot.many else name})
    return Button(text=said, say=said)


def _kind(kind: str) -> str:
    return _(KINDS[kind]) if kind in KINDS else names.kind(kind)


def _unclear(words: Sequence[str]) -> list[str]:
    quoted = "".join(_("「{word}」").format(word=word) for word in words)
    return [_("没看懂：{words}").format(words=quoted)] if words else []


def _help(spec: Spec | None) -> Button:
    about = f"{HELP} {spec.verb}" if spec and spec.verb != HELP else HELP
    return Button(text=_("帮助"), say=about)
