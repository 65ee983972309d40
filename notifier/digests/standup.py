"""早会: at most eight lines of what really happened and what stands in today's way."""

from datetime import date, timedelta

from domain.permits import departments_of
from domain.queries import andons, figures, lots, orders, outbox
from domain.queries.orders import OrderView
from domain.work import Work
from notifier import names
from notifier.card import Card
from notifier.digests.days import beginning, day_of, worked_before
from notifier.text import _, listed, number, span

MOST_LINES = 8
AHEAD = timedelta(hours=2)
"""A stand-up shortly before the first shift is about the day that is about to begin."""


def standup(work: Work, *, department: str = "") -> Card:
    """Return the stand-up of one department, or of the plant: yesterday, blockers, who waits for whom."""
    playbook = work.playbook
    unit = playbook.department(department) if department else None
    where = unit.name if unit else playbook.site.name
    code = unit.code if unit else ""
    day, _today_begins, _tomorrow = day_of(playbook, work.now + AHEAD)
    ahead = [*_blockers(work, code), *_today(work, code)] or [_("今天没有卡住的事。")]
    lines = [*_yesterday(work, code, today=day), *ahead]
    return Card(
        title=_("{where} 早会 {day}").format(where=where, day=f"{day:%m-%d}"), lines=tuple(lines[:MOST_LINES])
    )


def _yesterday(work: Work, department: str, *, today: date) -> list[str]:
    """Say what was made and answered on the last day that worked."""
    last = worked_before(work.playbook, today)
    since, until = (beginning(work.playbook, it) for it in (last, last + timedelta(days=1)))
    day = _("昨天") if last == today - timedelta(days=1) else f"{last:%m-%d} "
    lines = []
    if not department or department in {it.department for it in work.playbook.operations}:
        made = figures.output(work, since=since, until=until)
        good, scrap = sum(it.good for it in made), sum(it.scrap for it in made)
        lines.append(
            _("{day}：报工良 {good}，废 {scrap}").format(
                day=day.strip(), good=number(good), scrap=number(scrap)
            )
        )
    answered = figures.answering(work, since=since, until=until, department=department)
    if answered.raised:
        mean = span(answered.mean_ack) if answered.mean_ack is not None else _("还没人接")
        lines.append(
            _("{day}异常 {count} 件，平均响应 {mean}").format(day=day, count=answered.raised, mean=mean)
        )
    lost = outbox.undelivered(work, since=since, until=until, chats=_chats(work, department))
    if lost:
        lines.append(_("{day}有 {count} 条通知没送到").format(day=day, count=lost))
    return lines


def _chats(work: Work, department: str) -> list[str] | None:
    """Return the keys of the department's groups; None: any chat of the plant."""
    if not department:
        return None
    rules = [work.playbook.chat(code) for code in work.playbook.department(department).chats]
    return [f"{it.platform}:{it.id}" for it in rules]


def _blockers(work: Work, department: str) -> list[str]:
    lines = []
    for it in andons.live(work, department=department, limit=4):
        what = " ".join(part for part in ("❗", it.code, it.kind, it.place, it.text) if part)
        lines.append(" · ".join(part for part in (what, names.status("andon", it.status), it.holder) if part))
    return lines


def _today(work: Work, department: str) -> list[str]:
    """Say what waits for this department (for the plant: for anybody)."""
    lines = []
    late = figures.late_orders(work, by=work.now + timedelta(days=1))
    open_orders = [it for it in orders.open_orders(work) if _theirs(it, department)]
    mine = [code for code in late if not department or code in {it.code for it in open_orders}]
    if mine:
        lines.append(_("今天要交还没完：{orders}").format(orders=listed(mine[:5])))
    inspects = not department or department in departments_of(work.playbook, "lot.inspect")
    if inspects and (waiting := lots.waiting_inspection(work, limit=5)):
        lines.append(_("等检验：{lots}").format(lots=listed(waiting)))
    return lines + [_standing(order) for order in open_orders[:3]]


def _theirs(order: OrderView, department: str) -> bool:
    """Whether the order stands at an operation of this department (empty: of any)."""
    return order.at is not None and department in ("", order.at.department)


def _standing(order: OrderView) -> str:
    at = order.at
    left = number(at.left + at.open_rework) if at else ""
    name = at.name if at else ""
    return _("{order} 在 {operation}，剩 {left}").format(order=order.code, operation=name, left=left)
