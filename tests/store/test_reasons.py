"""Reasons of bad pieces: those of the playbook by any name, others in people's words; some are demanded."""

from decimal import Decimal
from functools import partial

import pytest
from sqlalchemy import select

from bot.rules import Rules
from domain.actions import production, reasons
from domain.errors import ReasonMissing
from domain.models.journal import Event
from domain.store.office import Office
from tests.plants import demo
from tests.store.speaking import says

ONE, NONE = Decimal(1), Decimal(0)


@pytest.mark.parametrize(
    ("said", "note", "scrap", "rework", "given"),
    [
        (["虚焊"], "", ONE, NONE, {"scrap": "cold-joint"}),
        (["假焊"], "", ONE, NONE, {"scrap": "cold-joint"}),
        (["补焊", "短路"], "", ONE, ONE, {"scrap": "short", "rework": "resolder"}),
        (["补焊"], "", ONE, NONE, {"scrap": "补焊"}),
        ([], "锡珠", ONE, NONE, {"scrap": "锡珠"}),
        (["短路", "划伤"], "", ONE, NONE, {"scrap": "short", "note": "划伤"}),
        ([], "", ONE, NONE, {}),
        (["虚焊"], "", NONE, NONE, {"note": "虚焊"}),
    ],
)
def test_each_reason_goes_to_the_pieces_of_its_kind(
    said: list[str], note: str, scrap: Decimal, rework: Decimal, given: dict[str, str]
) -> None:
    assert reasons.sorted_out(demo(), said=said, note=note, scrap=scrap, rework=rework) == given


def test_what_the_plant_demands_is_asked_for_and_kept(plant: Office, rules: Rules) -> None:
    floor = rules.playbook.floor.model_copy(update={"reasons": ("scrap",)})
    rules.playbook = rules.playbook.model_copy(update={"floor": floor})
    job = partial(production.report, order="WO-1001", operation="焊接", good=ONE)
    says(plant, "zhangwei", job)
    with pytest.raises(ReasonMissing) as missing:
        says(plant, "zhangwei", partial(job, scrap=ONE))
    assert missing.value.reasons.startswith("虚焊、短路")
    says(plant, "zhangwei", partial(job, scrap=ONE, reasons={"scrap": "short"}))
    newest = select(Event).where(Event.type == "work.reported").order_by(Event.id.desc()).limit(1)
    event = plant.read(lambda work: work.session.scalars(newest).one()).result()
    assert event.data["reasons"] == {"scrap": "short"}
