"""Codes of pieces as they were scanned or pasted, and the one card that answers a whole paste of them."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from commands.kit import onward
from commands.kit.context import Context
from commands.kit.gaps import StillMissing
from commands.kit.normal import fold, normalise
from commands.kit.once import once
from commands.kit.quantities import plain
from commands.kit.ranges import runs_in
from domain import codes
from domain.actions.going import Left
from domain.actions.mending import A_NUMBER
from domain.actions.passing import Passed
from domain.codes import Code
from domain.queries import units
from notifier import names
from notifier.card import Button, Card
from notifier.named.pieces import WHY_LEFT
from notifier.text import _, listed, number

SHOWN: Final = 8
"""Codes of one group that a card names; of more it says how many."""
RAW: Final = 40


def scanned(given: Iterable[str]) -> list[str]:
    """Return the codes of pieces and containers behind scanned texts, each once, in capitals."""
    return list(dict.fromkeys(_plain(text) for text in given))


def in_order(ctx: Context, given: Iterable[str]) -> list[str]:
    """Return the codes as `scanned`, in the order in which they were said; what was said before in front.

    Of a run only the ends are said: what lies between comes last.
    """
    said = ctx.said.upper()
    between = {code for run in runs_in(normalise(ctx.said), ctx.vocabulary) for code in run.codes[1:]}
    return sorted(scanned(given), key=lambda code: len(said) if code in between else said.find(code))


def box_first(ctx: Context, given: Iterable[str]) -> list[str]:
    """Return the codes as `in_order`, but the only one with the form of a box in front."""
    codes = in_order(ctx, given)
    boxes = [code for code in codes if is_box(ctx, code)]
    return [*boxes, *(code for code in codes if code not in boxes)] if len(boxes) == 1 else codes


def orders_among(ctx: Context, codes: Iterable[str]) -> list[str]:
    """Return those of the codes that have the form of an order: pieces without numbers are called by it."""
    return [code for code in codes if _has_form(ctx, code, kind="order")]


def only(there: Decimal) -> Decimal:
    """Return one piece, which is meant where no more are there; raises StillMissing where there are."""
    if there > 1:
        raise StillMissing("quantity", options=(plain(there),))
    return Decimal(1)


def is_box(ctx: Context, code: str) -> bool:
    """Say whether a code has the form of a box."""
    return _has_form(ctx, code, kind="container")


def _has_form(ctx: Context, code: str, *, kind: str) -> bool:
    return any(form.regex.fullmatch(fold(code)) for form in ctx.vocabulary.forms.get(kind, ()))


def into_first(ctx: Context, given: Iterable[str], *, kind: str) -> list[str]:
    """Return the codes as `in_order`, in front what they go into: one of this kind, else a new one."""
    said = in_order(ctx, given)
    into = units.container_among(ctx.work, said, kind=kind)
    return [into, *(code for code in said if code != into)] if into else said


def _plain(text: str) -> str:
    reading = codes.read(text)
    value = (reading.serial or reading.value) if isinstance(reading, Code) else text
    return value.strip().upper()


def passed_card(ctx: Context, done: Passed, *, twice: int = 0) -> Card:
    """Return the answer to a scan: what was taken, and why the rest was not, with a button to mend it.

    `twice` codes stood more than once in the message.
    """
    lines = [*_taken(done), *_entered(done), *_repeated(done, twice=twice)]
    lines += [*_elsewhere(done), *_skipped(ctx, done)]
    if done.unread:
        raw = listed(text[:RAW] for text in done.unread[:SHOWN])
        lines.append(_("认不出 {count}：{raw}").format(count=len(done.unread), raw=raw + _more(done.unread)))
    return Card(
        title=_title(done),
        lines=tuple(lines),
        buttons=once(ctx, tuple(_buttons(ctx, done))),
        tone="good" if _all_taken(done, twice=twice) else "warn",
    )


def _all_taken(done: Passed, *, twice: int) -> bool:
    left = (done.repeated, done.elsewhere, done.skipped, done.unread)
    return not twice and not any(left) and bool(done.taken or done.entered)


def _title(done: Passed) -> str:
    if not done.taken and not done.entered:
        return _("没有收下，什么都没有登记")
    where = f"{done.order} {done.operation}"
    if not done.taken:
        said = _("{where}：{code} 进站") if len(done.entered) == 1 else _("{where}：{count} 件进站")
        return said.format(where=where, code=done.entered[0], count=len(done.entered))
    if len(done.taken) == 1:
        said = _("{where}：{code} 不良") if done.bad else _("{where}：{code} 通过")
        return said.format(where=where, code=done.taken[0])
    said = _("{where}：{count} 件不良") if done.bad else _("{where}：{count} 件通过")
    return said.format(where=where, count=len(done.taken))


def _taken(done: Passed) -> list[str]:
    if not done.taken:
        return []
    if done.bad:
        return [_("等判定：返修、单件隔离或单件报废。")]
    said = [_("下一道 {operation}").format(operation=done.next_operation)] if done.next_operation else []
    if done.total_good is not None and done.left is not None:
        total = _("累计良 {good}，还剩 {left}")
        said.insert(0, total.format(good=number(done.total_good), left=number(done.left)))
    return [_("，").join(said)] if said else []


def _entered(done: Passed) -> list[str]:
    if not done.entered:
        return []
    if not done.taken:
        return [_("做完再扫一次就是过站。")]
    which = listed(done.entered[:SHOWN]) + _more(done.entered)
    return [_("进站 {count}：{which}").format(count=len(done.entered), which=which)]


def _repeated(done: Passed, *, twice: int) -> list[str]:
    count = len(done.repeated) + twice
    if not count:
        return []
    said = _grouped(done.repeated)
    said += [_("{count} 个在这条消息里发了两遍").format(count=twice)] if twice else []
    return [_("重复 {count}：{what}").format(count=count, what=listed(said) + _more(done.repeated))]


def _elsewhere(done: Passed) -> list[str]:
    if not done.elsewhere:
        return []
    what = listed(_grouped(done.elsewhere)) + _more(done.elsewhere)
    return [_("不能在这里收 {count}：{what}").format(count=len(done.elsewhere), what=what)]


def _grouped(left: Sequence[Left]) -> list[str]:
    """Name pieces, those with one reason behind each other and the reason once."""
    whys: dict[str, list[str]] = {}
    for it in left[:SHOWN]:
        whys.setdefault(_why(it), []).append(it.code)
    return [_("{code}（{why}）").format(code=listed(codes), why=why) for why, codes in whys.items()]


def _skipped(ctx: Context, done: Passed) -> list[str]:
    if not done.skipped:
        return []
    missing = listed(dict.fromkeys(str(it.data["operation"]) for it in done.skipped))
    which = listed(it.code for it in done.skipped[:SHOWN]) + _more(done.skipped)
    title = _("没有过 {operation} {count}：{which}")
    lines = [title.format(operation=missing, count=len(done.skipped), which=which)]
    told = _("{finding} 已问 {asked_name}，答了以后自动往下走，不用再扫。")
    if done.skipped[0].data["lets_on"]:
        told = _("{finding} 已问 {asked_name}；件先往下走，答清楚以前不能归档。")
    return [*lines, *(told.format(**it.data) for it in ctx.work.happened if it.type == "finding.opened")]


def _more(group: Sequence[object]) -> str:
    return _(" 等") if len(group) > SHOWN else ""


def _why(left: Left) -> str:
    """Say why a piece was not taken, and what is right for it."""
    data = {**left.data, "status": names.standing(str(left.data.get("status", "")))}
    return _(WHY_LEFT[left.why]).format(**data)


def _buttons(ctx: Context, done: Passed) -> Iterable[Button]:
    numbers = sum(A_NUMBER.fullmatch(text) is not None for text in done.unread)
    rest = numbers + sum(it.why == "order" for it in done.elsewhere)
    if rest:
        yield Button(text=_("处理剩下 {count} 个").format(count=rest), say="补扫", style="primary")
    if done.all_done:
        yield from onward.all_reported(ctx, done.order)
    if done.bad and 0 < len(done.taken) <= SHOWN:
        yield from onward.amiss_buttons(ctx, *done.taken)
