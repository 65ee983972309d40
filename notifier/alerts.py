"""The cards of pushes: what an andon, a lot, an order or a binding looks like to those who must know."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.models.andon import AndonStatus
from domain.models.lot import LotStatus
from domain.queries import andons
from domain.queries.andons import AndonView
from domain.queries.people import department_chats, people_ids
from domain.work import Happened, Work
from notifier import names
from notifier.card import Button, Card, Ring, Tone
from notifier.text import _, listed, moment, number, span

TONES: dict[AndonStatus, Tone] = {
    AndonStatus.OPEN: "bad",
    AndonStatus.REOPENED: "bad",
    AndonStatus.ACKNOWLEDGED: "plain",
    AndonStatus.CONTAINED: "plain",
    AndonStatus.RESOLVED: "good",
    AndonStatus.CLOSED: "good",
}

MENDED = (AndonStatus.RESOLVED, AndonStatus.CLOSED)


def andon_card(
    work: Work,
    andon: AndonView,
    *,
    called: tuple[str, ...] = (),
    happened: str = "",
) -> Card:
    """Return the one card of an andon: who, where, what, how it stands, and what can be done now."""
    return Card(
        title=_andon_title(work, andon, happened),
        lines=tuple(line for line in _andon_lines(work, andon) if line),
        buttons=() if andon.void else _andon_buttons(andon, asks=asks_department(work, andon)),
        mentions=people_ids(work, job_numbers=called) if called else (),
        tone=TONES[andon.status],
        key=f"andon-{andon.id}",
    )


def calling_card(work: Work, andon: AndonView, *, happened: str = "") -> Card:
    """Return what somebody who is called gets in person: what they can do; others are to confirm."""
    card = andon_card(work, andon, happened=happened)
    return replace(card, buttons=() if andon.void else _andon_buttons(andon, asks=False), key="")


def asks_department(work: Work, andon: AndonView) -> bool:
    """Say whether the department itself is to confirm: it was called in its own group, or by a rule.

    Elsewhere that is the reporter's business, where they called.
    """
    groups = department_chats(work, department=andon.department)
    return not andon.raised_in or andon.raised_in in {f"{it.platform}:{it.chat_id}" for it in groups}


def ring_of(work: Work, andon: AndonView) -> Ring:
    """Return how the rung of the ladder that is called now wants to be rung; nothing for a card alone."""
    kind = work.playbook.andon_kind_or_none(andon.kind)
    rungs = work.playbook.ladder(kind.ladder).rungs if kind else ()
    ring = rungs[andon.rung].ring if 0 <= andon.rung < len(rungs) else "card"
    return "" if ring == "card" else ring


def reporter_card(work: Work, andon: AndonView, *, happened: str = "") -> Card:
    """Return what the reporter hears: how it stands, and when it is mended, whether it is good."""
    mended = andon.status is AndonStatus.RESOLVED
    return Card(
        title=_andon_title(work, andon, happened),
        lines=tuple(line for line in _andon_lines(work, andon) if line),
        buttons=_andon_buttons(andon, asks=True) if mended and not andon.void else (),
        mentions=(andon.reporter_id,) if andon.reporter_id else (),
        tone=TONES[andon.status],
    )


def _andon_title(work: Work, andon: AndonView, happened: str) -> str:
    void = _("（已撤销）") if andon.void else ""
    return f"{_head(work, andon, happened)}{_('异常')} {andon.code} {andon.kind}{void}"


def _head(work: Work, andon: AndonView, happened: str) -> str:
    match happened:
        case "andon.escalated" if andon.rung > 0:  # below, its first call had waited for the shift
            return _("没人接，往上叫：")
        case "andon.reopened" if work.actor.is_house:
            within = work.playbook.andon_kind(andon.kind).resolve_within
            return _("超过 {span}没修好，重新叫人：").format(span=span(within))
        case "andon.reopened":
            return _("没有好，重新叫人：")
        case "andon.handed_back":
            return _("接手的人已离职，重新叫人：")
        case "andon.confirm_due":
            return _("请确认：")
        case _other:
            return ""


def _andon_lines(work: Work, andon: AndonView) -> list[str]:
    zone, now = work.playbook.zone, work.now
    where = " ".join(part for part in (andon.place, andon.order) if part)
    lines = [
        _("内容：{text}").format(text=andon.text) if andon.text else "",
        _("地点：{where}").format(where=where) if where else "",
        _("报的人：{who} {at}").format(who=_reporter(andon), at=moment(andon.raised_at, zone, today=now)),
        _("又报了 {count} 次").format(count=andon.repeats) if andon.repeats else "",
        "" if andon.void else _("状态：{state}").format(state=standing(work, andon)),
    ]
    return [*lines, *_so_far(work, andon)]


def _reporter(andon: AndonView) -> str:
    if andon.reporter:
        return andon.reporter
    return _("{name}（未绑定）").format(name=andon.caller) if andon.caller else _("班长（按规则）")


def standing(work: Work, andon: AndonView) -> str:
    """Say how an andon stands and who has the ball: who is called, who works on it, who is to confirm."""
    if andon.status is AndonStatus.RESOLVED:
        return _("已解决，等{who}确认").format(who=_confirmer(work, andon))
    state = names.status("andon", andon.status)
    return f"{state} · {andon.holder}" if andon.holder and andon.status is not AndonStatus.CLOSED else state


def _confirmer(work: Work, andon: AndonView) -> str:
    """Name who is to say whether it is good: never who mended it."""
    mended = andons.resolver(work, andon_id=andon.id)
    asked = (andon.holder, andon.reporter, andon.caller)
    return next((name for name in asked if name and name != mended), _("班组长"))


def _so_far(work: Work, andon: AndonView) -> list[str]:
    """Say how long the answer took and what was done; after a reopening these are of the last time."""
    again = andon.status is AndonStatus.REOPENED
    lines = []
    if andon.acknowledged_at:
        took = span(andon.acknowledged_at - andon.raised_at)
        lines.append((_("上次响应用时：{span}") if again else _("响应用时：{span}")).format(span=took))
    if andon.status in MENDED:
        lines.append(_("处理人：{who}").format(who=andons.resolver(work, andon_id=andon.id) or _("班长")))
    if andon.resolution:
        past = again or andon.status is AndonStatus.ACKNOWLEDGED
        lines.append((_("上次处理：{text}") if past else _("处理：{text}")).format(text=andon.resolution))
    return lines


def _andon_buttons(andon: AndonView, *, asks: bool) -> tuple[Button, ...]:
    guard = f"{andon.code}@{andon.generation}"
    match andon.status:
        case AndonStatus.OPEN | AndonStatus.REOPENED:
            return (Button(text=_("接"), say=f"接 {andon.code}", style="primary", guard=guard),)
        case AndonStatus.ACKNOWLEDGED | AndonStatus.CONTAINED:
            return (Button(text=_("已解决"), say=f"解决 {andon.code}", style="primary", guard=guard),)
        case AndonStatus.RESOLVED if asks:
            return (
                Button(text=_("确认好了"), say=f"确认 {andon.code}", style="primary", guard=guard),
                Button(text=_("没好"), say=f"没好 {andon.code}", style="danger", guard=guard),
            )
        case _:
            return ()


def lot_key(happened: Happened) -> str:
    """Return the key of the card by which a lot is inspected; two materials may have lots of one number."""
    return next(f"lot-{ref}" for kind, ref in happened.subjects if kind == "lot")


def lot_to_inspect(happened: Happened) -> Card:
    """Return the card by which quality hears of a delivery."""
    data, key = happened.data, lot_key(happened)
    say = f"检验 {data['say']}"
    return Card(
        title=_("来料待检 {lot}").format(lot=data["lot"]),
        lines=(
            f"{data['material']} {data['material_name']}",
            _("数量：{quantity} {unit}").format(quantity=number_of(data["quantity"]), unit=data["unit"])
            + (f" · {data['supplier']}" if data["supplier"] else ""),
        ),
        buttons=(
            Button(text=_("合格"), say=f"{say} 合格", style="primary", guard=key),
            Button(text=_("不合格"), say=f"{say} 不合格", style="danger", guard=key),
        ),
        key=key,
    )


def lot_inspected(data: dict[str, Any]) -> Card:
    """Return the card by which whoever waits for it hears of an inspection, or of what a review decided."""
    passed = bool(data.get("passed"))
    why = str(data.get("note") or data.get("reason") or "")
    return Card(
        title=f"{data['lot']} {_verdict(data, passed=passed)}",
        lines=tuple(filter(None, (f"{data['material']} {data['material_name']}", why))),
        tone="good" if passed else "bad",
    )


def _verdict(data: dict[str, Any], *, passed: bool) -> str:
    count = f"{number_of(data['quantity'])} {data['unit']}"
    match data.get("status"):
        case LotStatus.RETURNED:
            return _("判退供应商，请办退货：{count}").format(count=count)
        case LotStatus.SCRAPPED:
            return _("判报废，请清出库位：{count}").format(count=count)
    if not passed:
        return _("检验不合格，已拒收")
    return _("特采放行，可以发料") if data.get("conceded") else _("检验合格，可以发料")


def lot_expiring(work: Work, data: dict[str, Any]) -> Card:
    """Return the card by which the warehouse hears, once, that a lot in stock runs out."""
    expires_at = datetime.fromisoformat(data["expires_at"])
    over = expires_at <= work.now
    title = _("{lot} 已过期") if over else _("{lot} 快到期了")
    at = moment(expires_at, work.playbook.zone)
    stock = _("库存：{quantity} {unit}").format(quantity=number_of(data["on_hand"]), unit=data["unit"])
    return Card(
        title=title.format(lot=data["lot"]),
        lines=(
            f"{data['material']} {data['material_name']}",
            " · ".join(filter(None, (stock, data["place"]))),
            (_("过期时间：{at}，不能再用。") if over else _("到期时间：{at}，请先用它。")).format(at=at),
        ),
        tone="bad" if over else "warn",
    )


def number_of(value: Any) -> str:
    """Write a quantity that went through an event's data."""
    return number(Decimal(str(value)))


def binding_requested(data: dict[str, Any]) -> Card:
    """Return the card that asks a leader to confirm."""
    return Card(
        title=_("{sender} 要绑定工号 {job_number}（{name}）").format(**data),
        lines=(
            *_already(data["platforms"]),
            *_rivals(data["rivals"]),
            _("是本人请点同意；不认识请点拒绝。"),
        ),
        buttons=(
            Button(text=_("同意"), say=f"同意绑定 {data['code']}", style="primary"),
            Button(text=_("拒绝"), say=f"拒绝绑定 {data['code']}", style="danger"),
        ),
        key=f"binding-{data['code']}",
    )


def _already(platforms: list[str]) -> list[str]:
    """Warn of somebody who has an account already: a second one may be another person's."""
    names_of = listed(dict.fromkeys(names.platform(it) for it in platforms))
    return [_("注意：这个工号已有{platforms}账号。").format(platforms=names_of)] if names_of else []


def _rivals(senders: list[str]) -> list[str]:
    """Warn of others who say that they are the same person."""
    named = listed(senders)
    return [_("注意：{senders} 也在申请这个工号，只能同意一个。").format(senders=named)] if senders else []


def binding_answered(happened: Happened) -> Card:
    """Return the card by which the asking account hears the answer."""
    if happened.type == "binding.confirmed":
        return Card(
            title=_("绑定成功，{name}，你好！发「帮助」看看能做什么。").format(**happened.data), tone="good"
        )
    return Card(title=_("绑定没有通过，请当面找 {approver}。").format(**happened.data), tone="warn")


def voided(happened: Happened) -> Card:
    """Return the card that takes back what a chat had been told."""
    data = happened.data
    about = " ".join(str(data[name]) for name in ("order", "lot", "andon", "operation") if name in data)
    title = _("撤销：{act} {about}").format(act=names.act(str(data["type"])), about=about)
    return Card(title=title, lines=(_("操作人：{who}").format(who=happened.actor.name),))
