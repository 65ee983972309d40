"""Things that have a number of the house: whether there is one of this number."""

from typing import Any, Final

from sqlalchemy import select

from domain.models.approval import Approval
from domain.models.finding import Finding
from domain.models.floor import Handover
from domain.models.nonconformance import NonConformance
from domain.work import Work

NUMBERED: Final[dict[str, Any]] = {
    "nonconformance": NonConformance,
    "approval": Approval,
    "handover": Handover,
    "finding": Finding,
}


def known(work: Work, *, kind: str, number: int) -> bool:
    """Say whether there is a thing of this kind and number."""
    model = NUMBERED[kind]
    query = select(model.id).where(model.site_id == work.site_id, model.number == number, ~model.void)
    return work.session.scalars(query.limit(1)).first() is not None
