"""The outside log sees every answer once: a post of its own, or the end of a stream that stood there."""

import asyncio
import contextlib
from pathlib import Path

from tests.crash import plant, town
from tests.crash.ledger import Ledger, Said


async def test_an_answer_that_ends_a_stream_is_seen_and_seen_once(tmp_path: Path) -> None:
    playbook = plant.build(tmp_path / "playbook", people=2)
    with Ledger(tmp_path / "ledger") as ledger:
        async with town.opened(playbook, ledger, seed=1) as place:
            room = place.world.direct_room("wecom", plant.reporters(2)[0])
            said = Said(key="WO-9001:5", platform="wecom", room=room.id, message_id="m", post_id="p")
            ledger.say(said)
            watching = asyncio.create_task(place.watch())
            await asyncio.sleep(0)
            stream = place.world.bot_post(room.id, "markdown", {"text": "正在处理……"})
            for text in ("✅ WO-9001 焊接：良 5", "✅ WO-9001 焊接：良 5，还剩 3"):
                place.world.update_post(stream.id, {"text": text})
            await asyncio.wait_for(said.answered.wait(), 5)
            assert said.shown == [False]
            said.answered.clear()
            place.world.bot_post(room.id, "markdown", {"text": "（重发）WO-9001 焊接：良 5"})
            await asyncio.wait_for(said.answered.wait(), 5)
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching
    assert said.shown == [False, True]
