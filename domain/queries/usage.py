"""What has been spent of the month's allowances, and on what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, func, select

from domain.models.usage import BUCKETS, Bucket, Usage
from domain.playbook.rules import Budget, Use
from domain.store.prepared import Prepared
from domain.store.usage import month_of
from domain.work import Work

HUNDRED = 100
_USED: Final = Prepared(
    select(Usage.platform, Usage.use, func.sum(Usage.units).label("units"))
    .where(Usage.site_id == bindparam("site"), Usage.month == bindparam("of"))
    .group_by(Usage.platform, Usage.use)
)


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """One allowance of this month: what is used of it, and the limit that the playbook knows (None: none)."""

    platform: str
    bucket: Bucket
    month: str
    used: int
    limit: int | None
    rule: Budget | None = None

    @property
    def percent(self) -> int:
        """Used, in per cent of the limit, rounded down; 0 without a limit."""
        return self.used * HUNDRED // self.limit if self.limit else 0

    @property
    def warned(self) -> tuple[int, ...]:
        """The percentages of the playbook that have been reached, the lowest first."""
        return tuple(sorted(it for it in self.rule.warn_at if self.percent >= it)) if self.rule else ()

    @property
    def short(self) -> bool:
        """Whether the last warning has been reached: ordinary messages are merged."""
        return bool(self.limit and self.rule and len(self.warned) == len(self.rule.warn_at) > 0)

    @property
    def spent(self) -> bool:
        """Whether only the reserve is left, or not even that."""
        if not self.limit or not self.rule:
            return False
        return self.used >= self.limit * (1 - self.rule.monthly_reserve)


@dataclass(frozen=True, kw_only=True)
class Spending:
    """Units of one use in one chat (empty: in none) by one robot (empty: the application's own)."""

    platform: str
    robot: str
    chat_key: str
    use: str
    units: int


def allowances(work: Work) -> Sequence[Allowance]:
    """Return every allowance that the plant has set or something was spent of, this month."""
    used = _used(work)
    found = []
    for platform, uses in BUCKETS.items():
        rule = work.playbook.budget(platform)
        for bucket in sorted(set(uses.values())):
            limit = _limit(rule, bucket)
            count = sum(used.get((platform, use), 0) for use in _counted(rule, platform, bucket))
            if limit or count:
                it = Allowance(
                    platform=platform,
                    bucket=bucket,
                    month=month_of(work),
                    used=count,
                    limit=limit,
                    rule=rule,
                )
                found.append(it)
    return found


def spending(work: Work, *, limit: int) -> Sequence[Spending]:
    """Return what was spent most on this month."""
    query = (
        select(Usage.platform, Usage.robot, Usage.chat_key, Usage.use, Usage.units)
        .where(Usage.site_id == work.site_id, Usage.month == month_of(work))
        .order_by(Usage.units.desc(), Usage.platform, Usage.chat_key, Usage.use)
        .limit(limit)
    )
    return [
        Spending(platform=platform, robot=robot, chat_key=chat_key, use=use, units=units)
        for platform, robot, chat_key, use, units in work.session.execute(query)
    ]


def _used(work: Work) -> dict[tuple[str, str], int]:
    found = _USED.all(work, site=work.site_id, of=month_of(work))
    return {(it.platform, it.use): int(it.units) for it in found}


def _limit(rule: Budget | None, bucket: Bucket) -> int | None:
    if rule is None:
        return None
    return rule.monthly if bucket is Bucket.MESSAGES else rule.monthly_calls


def _counted(rule: Budget | None, platform: str, bucket: Bucket) -> list[Use]:
    free = rule.free if rule else ()
    return [use for use, it in BUCKETS[platform].items() if it is bucket and use not in free]
