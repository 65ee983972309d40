"""Help: what this person can say, in groups, with examples; and one command at length."""

from collections.abc import Sequence

from commands.kit.registry import Allowed, Registry
from commands.kit.spec import Spec
from notifier.card import Button, Card
from notifier.text import _, listed

MOST_BUTTONS = 6
MOST_LINES = 7
ALL = "全部"


def help_card(
    registry: Registry,
    *,
    may: Allowed = lambda _spec: True,
    topic: str = "",
    most: Sequence[str] = (),
    buttons: Sequence[Button] = (),
) -> Card:
    """Return what the reader can say; `may` decides per command, `topic` is a verb, a group, or 全部.

    Without a topic: the first few of `most` (names of commands) that the reader may say, and `buttons`.
    """
    allowed = [spec for spec in registry.specs if may(spec)]
    spec = registry.find(topic) if topic else None
    if spec:
        return _one(spec, allowed=spec in allowed)
    first = [registry.by_name[name] for name in most if name in registry.by_name]
    first = [one for one in first if one in allowed][:MOST_LINES]
    if first and not topic:
        return _first(first, tuple(buttons))
    group = [one for one in allowed if one.group == topic]
    return _groups(group or allowed, lost=topic if topic not in ("", ALL) and not group else "")


def _first(specs: list[Spec], buttons: tuple[Button, ...]) -> Card:
    lines = tuple(f"{_example(spec)}　{_summary(spec)}" for spec in specs)
    more = Button(text=_("更多"), say=f"帮助 {ALL}")
    return Card(
        title=_("你常说的"),
        lines=(*lines, _("也可以直接发一个码或一张标签的照片。")),
        buttons=(*buttons, more),
    )


def _one(spec: Spec, *, allowed: bool) -> Card:
    lines = [_(spec.help), *(_("说法：{usage}").format(usage=phrasing.shown) for phrasing in spec.phrasings)]
    others = [verb for phrasing in spec.phrasings for verb in phrasing.verbs[1:]]
    if others:
        lines.append(_("也可以说：{verbs}").format(verbs=listed(others)))
    lines += [_("例如：{example}").format(example=example) for example in spec.examples]
    if not allowed:
        lines.append(_("你没有这个权限。"))
    return Card(title=_("帮助：{verb}").format(verb=spec.verb), lines=tuple(lines))


def _groups(specs: list[Spec], *, lost: str) -> Card:
    """Return one group at length; of several the verbs alone: a hundred explanations explain nothing."""
    lines = [_("没有叫「{topic}」的说法，这些可以说：").format(topic=lost)] if lost else []
    groups = {
        group: [it for it in specs if it.group == group] for group in dict.fromkeys(it.group for it in specs)
    }
    for group, members in groups.items():
        named = _("【{group}】").format(group=_(group))
        if len(groups) == 1:
            lines += [named, *(f"{_example(spec)}　{_summary(spec)}" for spec in members)]
        else:
            lines.append(
                named + listed([spec.verb for spec in members if any(it.verbs for it in spec.phrasings)])
            )
    lines.append(_("看一组：帮助 生产；看一个说法：帮助 报工。也可以直接发一个码或一张标签的照片。"))
    buttons = tuple(Button(text=spec.verb, say=f"帮助 {spec.verb}") for spec in specs if spec.verb != "帮助")
    fits = len(buttons) <= MOST_BUTTONS  # the first few of many would be any few
    return Card(title=_("我能听懂这些"), lines=tuple(lines), buttons=buttons if fits else ())


def _example(spec: Spec) -> str:
    return spec.examples[0] if spec.examples else spec.usage


def _summary(spec: Spec) -> str:
    return _(spec.help).splitlines()[0]
