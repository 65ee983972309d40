"""The numbers of /healthz and /metrics that stand in rows: what waits, what died, what is spent."""

from datetime import datetime, time
from typing import Any

from domain.queries.outbox import standing
from domain.queries.usage import allowances
from domain.work import Work


def facts(work: Work) -> dict[str, Any]:
    """Return how the outbox and the month's allowances stand; today is the plant's."""
    now = standing(work, since=_midnight(work))
    oldest = (work.now - now.oldest).total_seconds() if now.oldest else 0.0
    outbox = {
        "waiting": now.waiting,
        "oldest_seconds": round(max(oldest, 0.0), 1),
        "dead_today": now.dead,
        "nobody_told_today": now.nobody,
    }
    budgets = [
        {
            "platform": it.platform,
            "bucket": it.bucket.value,
            "month": it.month,
            "used": it.used,
            "limit": it.limit,
            "percent": it.percent,
        }
        for it in allowances(work)
    ]
    return {"outbox": outbox, "budgets": budgets}


def unheard(known: dict[str, Any]) -> list[str]:
    """Name as trouble what reached nobody today: somebody must look."""
    count = known.get("outbox", {}).get("nobody_told_today", 0)
    return [f"outbox: {count} reached nobody today"] if count else []


def _midnight(work: Work) -> datetime:
    zone = work.playbook.zone
    return datetime.combine(work.now.astimezone(zone).date(), time(0), zone)
