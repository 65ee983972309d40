"""没送到: what this chat was to be told and was not told by itself; for whoever runs the system, anywhere."""

from datetime import datetime, timedelta
from typing import Final

from commands.kit import Context, command
from domain.permits import may
from domain.queries.outbox import Unheard, dead, unheard_in
from domain.queries.people import title_of
from notifier import names
from notifier.card import Card
from notifier.text import _, moment

LOOK_BACK: Final = timedelta(days=1)
MOST: Final = 20


@command("没送到", "没送到的通知", reads=True, permission="digest.view", group="系统", examples=("没送到",))
def unsent(ctx: Context) -> Card:
    """一天里没有送到、或者合并成一条的通知；管系统的人在单聊里看全厂没送到的。"""
    since = ctx.work.now - LOOK_BACK
    found = _all(ctx, since) if _runs_it(ctx) else _here(ctx, since)
    title = _("一天里没有单独送到的通知：{count} 条").format(count=len(found))
    return Card(
        title=title if found else _("一天里该送的都送到了。"),
        lines=tuple(_line(ctx, it) for it in found),
        tone="warn" if any(not it.merged for it in found) else "plain",
    )


def _runs_it(ctx: Context) -> bool:
    """Whether this is the own chat of somebody who looks after the system."""
    seeing = may(ctx.work.actor, "quota.view", playbook=ctx.work.playbook)
    return seeing and ctx.chat.kind == "direct"


def _here(ctx: Context, since: datetime) -> list[Unheard]:
    return [*unheard_in(ctx.work, chat_key=ctx.work.heard_in, since=since, limit=MOST)]


def _all(ctx: Context, since: datetime) -> list[Unheard]:
    return [*dead(ctx.work, since=since, limit=MOST)]


def _line(ctx: Context, it: Unheard) -> str:
    at = moment(it.created_at, ctx.work.playbook.zone, today=ctx.work.now)
    if it.merged:
        return _("{at} {title}（已合并）").format(at=at, title=it.title)
    where = f"{names.platform(it.platform)} {title_of(ctx.work, chat_key=f'{it.platform}:{it.chat_id}')}"
    return _("{at} {title}（{where}：{reason}）").format(at=at, title=it.title, where=where, reason=it.reason)
