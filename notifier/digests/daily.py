"""日报: what was made, scrapped and answered on one day, and what is still open."""

from collections.abc import Sequence
from datetime import datetime

from domain.queries import andons, figures, outbox
from domain.queries.figures import Output
from domain.work import Work
from notifier import names
from notifier.card import Card, Table
from notifier.digests.days import Stretch, stretch
from notifier.text import _, listed, number, span

MOST_ROWS = 12


def daily(work: Work, *, at: datetime | None = None, of: Stretch | None = None) -> Card:
    """Return the digest of the production day at `at` (an hour that was missed), else of the running one.

    `of`: of that day or shift instead.
    """
    meant = of or stretch(work.playbook, now=at or work.now)
    since, until = meant.begins, meant.ends
    made = figures.output(work, since=since, until=until)
    day = f"{meant.day:%m-%d} {meant.shift}".strip()
    return Card(
        title=_("{site} 日报 {day}").format(site=work.playbook.site.name, day=day),
        lines=tuple(_lines(work, made, since=since, until=until)),
        table=_table(made),
    )


def _lines(work: Work, made: Sequence[Output], *, since: datetime, until: datetime) -> list[str]:
    good, scrap = sum(it.good for it in made), sum(it.scrap for it in made)
    lines = [_("报工：良 {good}，废 {scrap}").format(good=number(good), scrap=number(scrap))]
    if done := figures.completed(work, since=since, until=until):
        lines.append(_("完工：{orders}").format(orders=listed(done)))
    if count := figures.received(work, since=since, until=until):
        lines.append(_("收料：{count} 批").format(count=count))
    answered = figures.answering(work, since=since, until=until)
    lines.append(_("异常：新 {raised}，已接 {acknowledged}，已关 {closed}").format(**vars(answered)))
    if answered.mean_ack is not None:
        lines.append(_("平均响应 {span}").format(span=span(answered.mean_ack)))
    if lost := outbox.undelivered(work, since=since, until=until):
        lines.append(_("有 {count} 条通知没送到，说「没送到」查看").format(count=lost))
    still_open = (
        " ".join(filter(None, (it.code, it.kind, it.text))) + f" · {names.status('andon', it.status)}"
        for it in andons.live(work, until=until, limit=5)
    )
    return [*lines, *still_open]


def _table(made: Sequence[Output]) -> Table | None:
    if not made:
        return None
    rows = tuple((it.order, it.operation, number(it.good), number(it.scrap)) for it in made[:MOST_ROWS])
    return Table(header=(_("工单"), _("工序"), _("良"), _("废")), rows=rows)
