"""The month's allowances: what was spent goes to rows, who pays for it is warned, and what is left decides.

One job a second and node (`record`): units are added, the plant is warned once per mark and month over all
nodes, and the node learns how short it is. Told at once are those who can do something about it: the plant
manager and whoever administers the system, in their own chats, where one is on another platform there.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from domain.models.usage import BUCKETS, Spent
from domain.queries.people import Reach, every_direct_chat
from domain.queries.usage import Allowance, allowances
from domain.store import claims, usage
from domain.work import Work
from notifier import names
from notifier.card import Card
from notifier.post import post
from notifier.telling import address
from notifier.text import _, number, speaking

REFUSED_FOR: Final = timedelta(hours=1)
"""How long a platform that said no is taken at its word; then one message tries whether more was bought."""
USED_UP: Final = "used up"
QUOTA_EVENT: Final = "quota_exhausted"
"""The text of the event by which a platform says so: DingTalk's frame without content, code 20001."""


HEARD_NOTHING: Final = "20001"


class Level(IntEnum):
    """How short a platform's allowance for what we say of our own accord is."""

    CALM = 0
    SHORT = 1  # the last warning is reached: ordinary messages go once an hour, merged
    SPENT = 2  # only the reserve is left, or the platform refuses: ordinary messages wait


def record(work: Work, *, spent: Mapping[Spent, int]) -> Mapping[str, Level]:
    """Write down what was spent, warn whom it concerns; returns how short each platform is."""
    usage.add(work, spent)
    found = allowances(work)
    for it in found:
        _warn(work, it)
    return {platform: _level(work, platform, found) for platform in BUCKETS}


def _level(work: Work, platform: str, found: Iterable[Allowance]) -> Level:
    """Go by the allowance that pushes are taken from."""
    if _refused_lately(work, platform):
        return Level.SPENT
    mine = (it for it in found if it.platform == platform and it.bucket is BUCKETS[platform]["push"])
    return max((Level.SPENT if it.spent else Level(it.short) for it in mine), default=Level.CALM)


def _warn(work: Work, it: Allowance) -> None:
    """Tell of the highest mark that is passed, once; lower ones passed in the same breath are not told."""
    job = f"quota:{it.platform}:{it.bucket}"
    fresh = [mark for mark in it.warned if not claims.claimed(work, job=job, slot=f"{it.month}:{mark}")]
    mine = [mark for mark in fresh if claims.claim_slot(work, job=job, slot=f"{it.month}:{mark}")]
    if not mine or max(mine) < max(it.warned):
        return
    with speaking(work.playbook.site.language):
        _tell(work, _warning(it), key=f"{job}:{it.month}:{max(mine)}", besides=it.platform)


def _warning(it: Allowance) -> Card:
    used = _("本月已用 {used} / {limit}（{percent} %）").format(
        used=number(it.used), limit=number(it.limit or 0), percent=it.percent
    )
    return Card(
        title=_("{platform}{bucket}额度用了 {percent} %").format(
            platform=names.platform(it.platform), bucket=names.bucket(it.bucket), percent=it.percent
        ),
        lines=(
            used,
            _("普通通知改为每小时合并发一次，告警和回答照发。") if it.short else _("说「额度」看用在哪里。"),
        ),
        tone="warn",
    )


def refused(work: Work, *, platform: str, reason: str) -> None:
    """Remember that the platform says the month is used up; the plant hears it once, the other way."""
    month = usage.month_of(work)
    claims.put_setting(work, _setting(platform), {"at": work.now.isoformat(), "reason": reason})
    job = f"quota:{platform}"
    if not claims.claim_slot(work, job=job, slot=f"{month}:{USED_UP}"):
        return
    with speaking(work.playbook.site.language):
        card = Card(
            title=_("{platform}说本月额度用完了").format(platform=names.platform(platform)),
            lines=(
                _("平台的话：{reason}").format(reason=reason),
                _("普通通知先等着，告警改走别的平台。请厂里买额度，或等下个月。"),
            ),
            tone="bad",
        )
        _tell(work, card, key=f"{job}:{month}", besides=platform)


def unheard(platform: str) -> Card:
    """Return what somebody is told whose words the platform kept back."""
    title = _("{platform}本月的额度用完了，没有把你说的话给我。").format(platform=names.platform(platform))
    return Card(title=title, lines=(_("请用别的平台找我，急事请打电话。"),), tone="bad")


def _refused_lately(work: Work, platform: str) -> bool:
    said = claims.setting(work, _setting(platform))
    return said is not None and datetime.fromisoformat(said["at"]) > work.now - REFUSED_FOR


def _setting(platform: str) -> str:
    return f"quota:{platform}"


def _tell(work: Work, card: Card, *, key: str, besides: str) -> None:
    """Queue the card for each of those who must know, in one chat each: on another platform if possible."""
    for job_number in responsible(work):
        chats = every_direct_chat(work, job_number=job_number)
        elsewhere = [it for it in chats if it.platform != besides]
        for reach in [*elsewhere, *chats][:1]:
            _post(work, reach, card, key=key)


def _post(work: Work, reach: Reach, card: Card, *, key: str) -> None:
    to = address(reach)
    post(work, to, card, kind="alert", dedup_key=f"{key}:{to.key}", urgent=True)


def responsible(work: Work) -> list[str]:
    """Return who looks after the system (job numbers): the plant manager, then its administrators."""
    playbook = work.playbook
    admins = [it.id for it in playbook.people if "system.admin" in playbook.permissions_of(it.id)]
    return list(dict.fromkeys([playbook.site.plant_manager, *admins]))
