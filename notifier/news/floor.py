"""Who hears of the floor: signed off by the clock, hand-overs, approvals, reviews, clocks on material."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from domain.actions.sign_on import SHIFT_END
from domain.models.nonconformance import NonConformanceStatus
from domain.queries import approvals, handovers, people, reviews
from domain.queries.outbox import said_about
from domain.queries.people import Reach
from domain.work import Happened, Work
from notifier import floor
from notifier.card import Button, Card
from notifier.telling import Rule, departments_that, ref, tell
from notifier.text import _, moment


def _signed_off(work: Work, happened: Happened, _answered: str) -> None:
    """Who was signed off by the clock hears it, and signs on again with one press if the shift goes on."""
    data = happened.data
    if data["why"] != SHIFT_END:
        return
    again = " ".join(part for part in ("上岗", data["station"], data["operation"], data["equipment"]) if part)
    card = Card(
        title=_("下班了还没有下岗，已替你下岗：{station}").format(station=data["station"]),
        lines=(_("还在干就点一下，接着算。"),),
        buttons=(Button(text=_("继续上岗"), say=again),),
    )
    tell(work, happened, people.direct_chats(work, job_numbers=[data["job_number"]]), card=card)


def _handover(work: Work, happened: Happened, answered: str) -> None:
    """The department's groups have one card of it; who is reminded, and who gave it, hears it in person."""
    found = handovers.handover(work, ref(happened, "handover"))
    late = happened.type == "handover.reminded"
    card = floor.handover_card(work, found, reminder=late)
    groups = people.department_chats(work, department=found.department)
    tell(work, happened, groups, card=card, here=answered != card.key)
    called = people.direct_chats(work, job_numbers=happened.data.get("called", ()))
    tell(work, happened, called, card=replace(card, key=""))  # a card that changes in place is silent


def _approval(work: Work, happened: Happened, answered: str) -> None:
    """Who may decide is asked; once it is decided their cards say so, and who asked hears it."""
    found = approvals.approval(work, ref(happened, "approval"))
    card = floor.approval_card(work, found, reminder=happened.type == "approval.reminded")
    asked = people.direct_chats(work, job_numbers=happened.data.get("called", ()))
    if happened.type in DECIDED:
        told = [*_told(work, happened, "approval"), *_where_asked(work, found.asked_in)]
        tell(work, happened, told, card=card, here=answered != card.key)
    elif happened.type == "approval.reminded":
        tell(work, happened, asked, card=replace(card, key=""))  # a card that changes in place is silent
    else:
        tell(work, happened, asked, card=card)


DECIDED: Final = ("approval.approved", "approval.refused")


def _told(work: Work, happened: Happened, kind: str) -> Iterable[Reach]:
    """Return the chats that have the card of a thing."""
    subject = (kind, ref(happened, kind))
    said = said_about(work, subject=subject, card_keys=[f"{kind}-{subject[1]}"])
    return [Reach(platform=it.platform, chat_id=it.chat_id, kind=it.chat_kind) for it in said]


def _where_asked(work: Work, chat_key: str) -> list[Reach]:
    found = people.chat(work, chat_key=chat_key) if chat_key else None
    return [found] if found else []


def _review(work: Work, happened: Happened, answered: str) -> None:
    """Those whose trade it is to judge have one card of it; who raised it hears what was decided."""
    found = reviews.review(work, ref(happened, "nonconformance"))
    card = floor.review_card(work, found)
    judges = departments_that(work, "review.judge")
    tell(work, happened, judges, card=card, here=answered != card.key)
    if found.status is NonConformanceStatus.DISPOSITIONED and found.raiser_number:
        raiser = people.direct_chats(work, job_numbers=[found.raiser_number])
        told = Card(title=card.title, lines=card.lines)
        tell(work, happened, raiser, card=told)


def _timer(work: Work, happened: Happened, _answered: str) -> None:
    """Who started the clock hears of it, and the department that the playbook names."""
    data = happened.data
    starter = people.job_numbers(work, person_ids=[data["started_by"]] if data["started_by"] else [])
    places = [*people.direct_chats(work, job_numbers=starter), *_department(work, str(data["rule"]))]
    tell(work, happened, places, card=_timer_card(work, happened.type, data))


def _department(work: Work, rule: str) -> list[Reach]:
    found = work.playbook.timers_by_word.get(rule)
    unit = found.department if found else None
    return list(people.department_chats(work, department=unit)) if unit else []


def _timer_card(work: Work, event_type: str, data: dict[str, Any]) -> Card:
    due = datetime.fromisoformat(str(data["due_at"]))
    said = {"thing": data["thing"], "timer": data["timer"]}
    said["at"] = moment(due, work.playbook.zone, today=work.now)
    done = Button(text=_("结束计时"), say=f"结束计时 {data['thing']}")
    match event_type:
        case "timer.warned":
            return Card(title=_("{thing} 的{timer}到 {at}").format(**said), buttons=(done,), tone="warn")
        case "timer.ready":
            return Card(title=_("{thing} 的{timer}够了，可以用了").format(**said), tone="good")
        case _expired:
            waive = Button(text=_("放行计时"), say=f"放行计时 {data['thing']}")
            title = _("{thing} 的{timer}已超时，不能再用").format(**said)
            return Card(title=title, buttons=(waive,), tone="bad")


def voided(work: Work, happened: Happened) -> Card | None:
    """Return the card of an approval, hand-over or review whose act was voided; None for other things."""
    kinds = dict(happened.subjects)
    match str(happened.data["type"]).partition(".")[0]:
        case "approval":
            return floor.approval_card(work, approvals.approval(work, kinds["approval"]))
        case "handover":
            return floor.handover_card(work, handovers.handover(work, kinds["handover"]))
        case "nonconformance":
            return floor.review_card(work, reviews.review(work, kinds["nonconformance"]))
        case _other:
            return None


RULES: Final[dict[str, Rule]] = {
    "person.signed_off": _signed_off,
    "handover.drafted": _handover,
    "handover.noted": _handover,
    "handover.taken": _handover,
    "handover.reminded": _handover,
    "approval.asked": _approval,
    "approval.reminded": _approval,
    "approval.approved": _approval,
    "approval.refused": _approval,
    "nonconformance.raised": _review,
    "nonconformance.judged": _review,
    "nonconformance.closed": _review,
    "nonconformance.reopened": _review,
    "timer.warned": _timer,
    "timer.expired": _timer,
    "timer.ready": _timer,
}
