"""A missing argument is asked for, and the next message continues; dangerous acts want a 确认."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from commands.kit import Ask, Cancelled, Confirm, NotUnderstood, Pending, Run, Suggest, Understood
from tests.unit.grammar.pretend import hear


def stored(pending: Pending) -> Pending:
    """As the row gives it back."""
    return Pending.from_json(json.loads(json.dumps(pending.to_json())))


def asked(text: str) -> Pending:
    result = hear(text)
    assert isinstance(result, Ask), result
    return stored(result.row)


def confirming(text: str) -> Pending:
    result = hear(text)
    assert isinstance(result, Confirm), result
    return stored(result.row)


def ran(result: Understood) -> tuple[str, Mapping[str, Any]]:
    assert isinstance(result, Run), result
    return result.spec.name, result.arguments


def test_three_questions_lead_to_a_report() -> None:
    order = hear("1001", pending=asked("报工"))
    assert isinstance(order, Ask)
    operation = hear("hj", pending=stored(order.row))
    assert isinstance(operation, Ask)
    name, arguments = ran(hear("五十 废2", pending=stored(operation.row)))
    assert (name, arguments) == ("report", {"order": "WO-1001", "operation": "焊接", "good": 50, "scrap": 2})


def test_an_answer_may_bring_more_than_was_asked() -> None:
    assert ran(hear("焊接 50良 WO-1002", pending=asked("报工")))[1] == {
        "order": "WO-1002",
        "operation": "焊接",
        "good": 50,
    }


def test_what_was_known_stays_when_something_else_is_answered_first() -> None:
    result = hear("50良", pending=asked("报工 焊接"))
    assert isinstance(result, Ask)
    assert (result.slot.name, result.arguments) == ("order", {"operation": "焊接", "good": 50})


def test_a_photo_may_be_the_answer() -> None:
    assert ran(hear("", pending=asked("到哪了"), codes=("WO-2001",)))[1] == {"order": "WO-2001"}


def test_another_command_ends_the_question() -> None:
    assert ran(hear("谁在等我", pending=asked("报工 焊接")))[0] == "waiting"
    assert ran(hear("WO-1002 到哪了", pending=asked("报工 焊接")))[0] == "where"


def test_a_riddle_is_asked_again_with_what_was_not_understood() -> None:
    result = hear("不知道呀", pending=asked("报工 焊接"))
    assert isinstance(result, Ask)
    assert result.slot.name == "order"
    assert result.unclear == ("不知道呀",)


def test_a_misspelt_answer_is_suggested_as_a_whole_sentence() -> None:
    result = hear("韩姐", pending=asked("报工 1001"))
    assert isinstance(result, Suggest)
    assert result.sentences == ("报工 WO-1001 焊接",)


@pytest.mark.parametrize("no", ["取消", "算了", "不用了", "CANCEL"])
def test_a_question_can_be_cancelled(no: str) -> None:
    assert isinstance(hear(no, pending=asked("报工 焊接")), Cancelled)
    assert isinstance(hear(no, pending=confirming("冻结 LOT-1")), Cancelled)


def test_a_reason_may_contain_the_words_of_commands() -> None:
    pause = asked("暂停 1001")
    assert ran(hear("缺料了，报工不了", pending=pause))[1]["reason"] == "缺料了，报工不了"
    assert ran(hear("来料不合格", pending=pause))[1]["reason"] == "来料不合格"


def test_a_whole_command_with_arguments_is_no_reason() -> None:
    pause = asked("暂停 1001")
    assert ran(hear("报工 WO-1001 焊接 50良", pending=pause))[0] == "report"
    assert ran(hear("谁在等我", pending=pause))[0] == "waiting"


@pytest.mark.parametrize("yes", ["确认", "确定", "是的", "OK"])
def test_a_confirmed_act_runs_and_says_so(yes: str) -> None:
    result = hear(yes, pending=confirming("冻结 LOT-7001"))
    assert ran(result) == ("hold", {"lot": "LOT-7001"})
    assert isinstance(result, Run)
    assert result.confirmed


def test_anything_else_cancels_a_dangerous_act() -> None:
    assert isinstance(hear("等一下", pending=confirming("冻结 LOT-7001")), Cancelled)
    assert ran(hear("谁在等我", pending=confirming("冻结 LOT-7001")))[0] == "waiting"


def test_without_an_open_question_a_confirmation_confirms_nothing() -> None:
    result = hear("确认")
    assert isinstance(result, NotUnderstood)
    assert result.reason == "nothing_pending"


def test_a_row_of_a_command_that_is_gone_is_forgotten() -> None:
    gone = Pending(command="gone", kind="ask", slot="x")
    assert ran(hear("谁在等我", pending=gone))[0] == "waiting"
    broken = Pending(command="report", kind="ask", slot="order", got={"good": "many"})
    assert ran(hear("谁在等我", pending=broken))[0] == "waiting"


def test_every_kind_of_value_survives_the_row() -> None:
    for said, answer in (
        ("交给 1001 周五 17:00", "李四"),
        ("静音 半小时", "A-12"),
        ("收料 R100 5盘", "LOT-9"),
        ("报修 紧急", "焊接机"),
        ("损耗 5%", "R100"),
    ):
        first = hear(said)
        assert isinstance(first, Ask), said
        _, arguments = ran(hear(answer, pending=stored(first.row)))
        assert {name: arguments[name] for name in first.arguments} == dict(first.arguments)


def test_a_misspelt_command_is_not_the_answer_though_it_names_what_was_asked_for() -> None:
    result = hear("保工 WO-1001 焊接 5 良", pending=asked("到哪了"))
    assert isinstance(result, Suggest)
    assert result.sentences[0].startswith("报工 WO-1001")
    assert ran(hear("那个 WO-1001 的", pending=asked("到哪了")))[1] == {"order": "WO-1001"}


def test_one_suggestion_can_be_withdrawn_and_ends_with_whatever_else_is_said() -> None:
    offered = hear("保工 WO-1001 焊接 5 良")
    assert isinstance(offered, Suggest)
    waiting = stored(offered.row(guard="once:1:0"))
    assert (waiting.got["said"], waiting.got["guard"]) == (offered.only, "once:1:0")
    assert isinstance(hear("不是。", pending=waiting), Cancelled)
    assert ran(hear("谁在等我", pending=waiting))[0] == "waiting"
    several = hear("报工 WO-1001 焊接 50良\n报工 1002 组装 5良")
    assert isinstance(several, Suggest)
    assert not several.only
