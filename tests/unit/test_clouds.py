"""What only a live tenant can show can be chosen by a setting, and reaches the door that it is about."""

import pytest

from bot.clouds import dingtalk_config, wecom_config
from bot.platforms.dingtalk.config import MARKDOWN_BUTTONS
from bot.settings import Settings


def chosen(monkeypatch: pytest.MonkeyPatch, **settings: str) -> Settings:
    for name, value in settings.items():
        monkeypatch.setenv(f"BANZHANG_{name.upper()}", value)
    return Settings(_env_file=None)


def test_nothing_chosen_is_the_public_template_the_new_token_and_markdown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dingtalk, wecom = dingtalk_config(chosen(monkeypatch)), wecom_config(chosen(monkeypatch))
    assert (dingtalk.card_template_id, dingtalk.cards, dingtalk.oapi_token) == (MARKDOWN_BUTTONS, True, "new")
    assert (wecom.bot_name, wecom.reply_format, wecom.device_id) == ("", "markdown", None)


def test_an_empty_line_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [name for name in Settings.model_fields if name.startswith(("dingtalk_", "wecom_"))]
    empty = chosen(monkeypatch, **dict.fromkeys(names, ""))
    assert (dingtalk_config(empty).oapi_token, wecom_config(empty).reply_format) == ("new", "markdown")


def test_a_template_of_ones_own_and_the_old_token(monkeypatch: pytest.MonkeyPatch) -> None:
    own = chosen(monkeypatch, dingtalk_card_template="ours.schema", dingtalk_oapi_auth="old")
    assert dingtalk_config(own).card_template_id == "ours.schema"
    assert (dingtalk_config(own).cards, dingtalk_config(own).oapi_token) == (True, "old")


def test_cards_can_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not dingtalk_config(chosen(monkeypatch, dingtalk_card_template="off")).cards


def test_name_format_and_device_of_the_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    own = chosen(
        monkeypatch, wecom_bot_name="小 班长", wecom_reply_format="stream", wecom_device_id="banzhang"
    )
    found = wecom_config(own)
    assert (found.bot_name, found.reply_format, found.device_id) == ("小 班长", "stream", "banzhang")
