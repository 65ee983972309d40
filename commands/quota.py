"""额度: what of the month's messages and calls has been used, by whom and where."""

from typing import Final

from commands.kit import Context, command
from domain.queries.people import title_of
from domain.queries.usage import Allowance, Spending, allowances, spending
from notifier import names
from notifier.card import Card, Table
from notifier.text import _, number

MOST_ROWS: Final = 12


@command("额度", "用量", "还剩多少条", reads=True, permission="quota.view", group="系统", examples=("额度",))
def quota(ctx: Context) -> Card:
    """本月的消息和接口调用用了多少，用在哪些群、哪些机器人上。"""
    found = allowances(ctx.work)
    month = f"{ctx.work.now.astimezone(ctx.work.playbook.zone):%Y-%m}"
    rows = tuple(_row(ctx, it) for it in spending(ctx.work, limit=MOST_ROWS))
    return Card(
        title=_("{month} 发送额度").format(month=month),
        lines=tuple(map(_line, found)) or (_("这个月还没有用过。"),),
        table=Table(header=(_("平台"), _("在哪里"), _("用途"), _("条数")), rows=rows) if rows else None,
        tone="warn" if any(it.warned for it in found) else "plain",
    )


def _line(it: Allowance) -> str:
    what = f"{names.platform(it.platform)} {names.bucket(it.bucket)}"
    if it.limit is None:
        return _("{what}：{used}，没有设上限").format(what=what, used=number(it.used))
    return _("{what}：{used} / {limit}（{percent} %）").format(
        what=what, used=number(it.used), limit=number(it.limit), percent=it.percent
    )


def _row(ctx: Context, it: Spending) -> tuple[str, str, str, str]:
    where = title_of(ctx.work, chat_key=it.chat_key) if it.chat_key else "—"
    return names.platform(it.platform), it.robot or where, names.use(it.use), number(it.units)
