"""Whatever JSON a bot sends, the pretend WeCom answers with a code and never falls over."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.town import Resident, Room
from bot.sandbox.wecom.desk import Desk
from bot.sandbox.wecom.ledger import Ledger
from bot.sandbox.wecom.limits import Limits
from bot.sandbox.wecom.refusals import Refusal
from bot.sandbox.world import World
from domain.clock import FixedClock
from tests.conftest import SHIFT_START
from tests.wire.wecom_rig import GROUP, button_card, stream

LIMITS = Limits(per_minute=10**9, per_hour=10**9)
SCALARS = (
    st.none() | st.booleans() | st.integers(-2, 7) | st.text(max_size=3) | st.sampled_from(["image", GROUP])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["title", "key"]), inner, max_size=2)
    ),
    max_leaves=6,
)
CARD_KEYS = [
    *button_card(),
    *("source", "sub_title_text", "emphasis_content", "horizontal_content_list", "action_menu", "feedback"),
    *("jump_list", "card_action", "checkbox", "select_list", "submit_button"),
]
KINDS = ["text_notice", "button_interaction", "vote_interaction", "multiple_interaction"]


@st.composite
def almost(draw: st.DrawFn, right: dict[str, Any], keys: list[str]) -> dict[str, Any]:
    """Return a right object with some of its fields replaced by anything."""
    return right | draw(st.dictionaries(st.sampled_from(keys), JSON, max_size=3))


def a_desk() -> tuple[Desk, str]:
    """Return a desk and a req_id on which it may be answered."""
    clock = FixedClock(SHIFT_START)
    room = Room(id=GROUP, platform="wecom", kind="group", title="仓库群", members=("li",))
    world = World([Resident(id="li", name="李工", wecom_user_id="LiGong")], [room], clock=clock)
    post = world.say("li", GROUP, text="你好", mention_bot=True)
    ledger = Ledger(clock=clock, limits=LIMITS)
    callback = ledger.issue(line=1, room=room, user_id="LiGong")
    callback.subject = post.id
    return Desk(world, clock=clock, limits=LIMITS, ledger=ledger), callback.req_id


@given(
    st.sampled_from(KINDS).flatmap(
        lambda kind: almost(
            button_card(
                card_type=kind,
                card_action={"type": 1},
                submit_button={"text": "提交", "key": "k"},
                checkbox={"question_key": "q", "option_list": [{"id": "o"}]},
                select_list=[{"question_key": "q", "option_list": [{"id": "o"}]}],
            ),
            CARD_KEYS,
        )
    )
)
@settings(max_examples=300)
def test_any_card(card: dict[str, Any]) -> None:
    desk, req_id = a_desk()
    _tolerates(lambda: desk.respond(req_id, {"msgtype": "template_card", "template_card": card}, line=1))


@given(almost(stream()["stream"], ["id", "finish", "content", "msg_item", "feedback"]))
def test_any_stream(part: dict[str, Any]) -> None:
    desk, req_id = a_desk()
    _tolerates(lambda: desk.respond(req_id, {"msgtype": "stream", "stream": part}, line=1))


@given(
    almost(
        {"chatid": GROUP, "chat_type": 2, "msgtype": "markdown", "markdown": {"content": "好"}},
        ["chatid", "chat_type", "msgtype", "markdown"],
    )
)
def test_any_push(body: dict[str, Any]) -> None:
    desk, _ = a_desk()
    _tolerates(lambda: desk.send(body))


@given(
    almost(
        {"type": "file", "filename": "a", "total_size": 9, "total_chunks": 1, "md5": "x"},
        ["type", "filename", "total_size", "total_chunks", "md5"],
    ),
    almost({"chunk_index": 0, "base64_data": "QUJD"}, ["upload_id", "chunk_index", "base64_data"]),
)
def test_any_upload(body: dict[str, Any], chunk: dict[str, Any]) -> None:
    desk, _ = a_desk()

    def upload() -> None:
        session = desk.upload_init(body)
        desk.upload_chunk(session | chunk)
        desk.upload_finish(session)

    _tolerates(upload)


def _tolerates(act: Any) -> None:
    refused = None
    try:
        act()
    except Refusal as refusal:
        refused = refusal
    assert refused is None or (refused.code and refused.rule)
