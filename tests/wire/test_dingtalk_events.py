"""Events of the organisation: journaled once, acknowledged as the protocol demands, the needless ones too."""

import pytest

from bot.platforms.dingtalk.events import DIRECTORY
from tests.wire.dingtalk_house import a_house
from tests.wire.dingtalk_probe import eventually


async def test_an_event_is_answered_success_or_later() -> None:
    async with a_house(config={"events": True}, redeliver_event=(0.2,)) as house:
        house.ears.broken = 1
        push = house.cloud.emit("user_add_org", {"userId": ["0258"]}, event_id="e1")
        heard = await house.ears.next()
        assert (heard.kind, heard.text, heard.message_id) == ("event", "user_add_org", "event:e1")
        await eventually(lambda: push.settled)
        assert push.attempts == 2
        assert house.cloud.recorder.rules_broken() == []


@pytest.mark.parametrize("kind", sorted(DIRECTORY))
async def test_events_of_the_directory_are_journaled_once_with_their_data(kind: str) -> None:
    async with a_house(redeliver_event=(0.2,)) as house:
        house.cloud.faults.add("redeliver_new", "dingtalk.push.event", times=1)
        push = house.cloud.emit(kind, {"userId": ["0258"], "deptId": [7]}, event_id="e1")
        heard = await house.ears.next()
        assert (heard.text, heard.raw["userId"], heard.chat_id) == (kind, ["0258"], "")
        await eventually(lambda: push.settled and house.ears.repeated)
        assert len(house.ears.heard) == 1
        assert house.cloud.recorder.rules_broken() == []


async def test_an_event_that_nobody_needs_is_taken_and_left_at_that() -> None:
    async with a_house() as house:
        push = house.cloud.emit("bpms_task_change", {"processInstanceId": "p"}, event_id="e2")
        await eventually(lambda: push.settled)
        assert house.ears.heard == []
        assert house.platform.counters["event_ignored"] == 1
        assert house.cloud.recorder.rules_broken() == []


async def test_an_event_without_content_says_that_the_month_is_used_up() -> None:
    async with a_house() as house:
        house.cloud.emit("user_add_org", {"errCode": "20001", "errMsg": "受调用量超量影响"}, event_id="e3")
        assert (await house.ears.next()).text == "quota_exhausted"
        assert "已用完" in house.platform.health().detail
