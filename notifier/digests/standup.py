"""早会: at most eight lines of what really happened and what stands in today's way."""

from datetime import timedelta

from domain.queries import andons, figures, lots, orders
from domain.work import Work
from notifier import names
from notifier.card import Card
from notifier.digests.days import day_of
from notifier.text import _, listed, number, span

MOST_LINES = 8


def standup(work: Work, *, department: str = "") -> Card:
    """Return the stand-up of one department, or of the plant: yesterday, blockers, who waits for whom."""
    playbook = work.playbook
    unit = playbook.department(department) if department else None
    where = unit.name if unit else playbook.site.name
    code = unit.code if unit else ""
    day, _since, _until = day_of(playbook, work.now)
    lines = [*_yesterday(work, code), *_blockers(work, code), *_today(work)]
    return Card(
        title=_("{where} 早会 {day}").format(where=where, day=f"{day:%m-%d}"), lines=tuple(lines[:MOST_LINES])
    )


def _yesterday(work: Work, department: str) -> list[str]:
    _day, until, _end = day_of(work.playbook, work.now)
    since = until - timedelta(days=1)
    made = figures.output(work, since=since, until=until)
    good, scrap = sum(it.good for it in made), sum(it.scrap for it in made)
    answered = figures.answering(work, since=since, until=until, department=department)
    lines = [_("昨天：报工良 {good}，废 {scrap}").format(good=number(good), scrap=number(scrap))]
    if answered.raised:
        mean = span(answered.mean_ack) if answered.mean_ack is not None else _("还没人接")
        lines.append(_("昨天异常 {count} 件，平均响应 {mean}").format(count=answered.raised, mean=mean))
    return lines


def _blockers(work: Work, department: str) -> list[str]:
    lines = []
    for it in andons.live(work, department=department, limit=4):
        what = " ".join(part for part in ("❗", it.code, it.kind, it.place, it.text) if part)
        lines.append(" · ".join(part for part in (what, names.status("andon", it.status), it.holder) if part))
    return lines


def _today(work: Work) -> list[str]:
    lines = []
    if late := figures.late_orders(work, by=work.now + timedelta(days=1)):
        lines.append(_("今天要交还没完：{orders}").format(orders=listed(late[:5])))
    if waiting := lots.waiting_inspection(work, limit=5):
        lines.append(_("等检验：{lots}").format(lots=listed(waiting)))
    for order in orders.open_orders(work, limit=3):
        at = order.at
        if at:
            left = number(at.left + at.open_rework)
            lines.append(
                _("{order} 在 {operation}，剩 {left}").format(order=order.code, operation=at.name, left=left)
            )
    return lines
