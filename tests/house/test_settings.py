"""Every setting is in the example, in the docs, and named as the outside world knows it."""

import re
from typing import Any

from bot.settings import Settings
from tests.house.tree import ROOT, texts

PREFIX = "BANZHANG_"
PROMISED = {
    *("DATABASE_URL", "DATA_DIR", "PLAYBOOK", "HTTP_HOST", "HTTP_PORT"),
    *(
        "DINGTALK_CLIENT_ID",
        "DINGTALK_CLIENT_SECRET",
        "DINGTALK_ROBOT_CODE",
        "DINGTALK_API_URL",
        "DINGTALK_OAPI_URL",
    ),
    *("WECOM_CORP_ID", "WECOM_AGENT_ID", "WECOM_AGENT_SECRET", "WECOM_APP_TOKEN", "WECOM_APP_AES_KEY"),
    *(
        "WECOM_BOT_ID",
        "WECOM_BOT_SECRET",
        "WECOM_BOT_TOKEN",
        "WECOM_BOT_AES_KEY",
        "WECOM_WS_URL",
        "WECOM_API_URL",
    ),
}
SECRET = re.compile(r"SECRET|AES_KEY|_TOKEN|PASSWORD")


def names() -> dict[str, Any]:
    """Every setting by the name of its environment variable, with its pydantic field."""
    return {f"{PREFIX}{name.upper()}": field for name, field in Settings.model_fields.items()}


def test_the_promised_settings_are_there() -> None:
    assert {f"{PREFIX}{name}" for name in PROMISED} <= set(names())


def test_every_setting_is_in_the_example() -> None:
    known, example = names(), (ROOT / "deploy" / "env.example").read_text(encoding="utf-8")
    assert [name for name in known if not re.search(rf"^#?\s*{name}=", example, re.MULTILINE)] == []


def test_the_example_names_nothing_else() -> None:
    known, example = names(), (ROOT / "deploy" / "env.example").read_text(encoding="utf-8")
    assert [
        name for name in re.findall(rf"^#?\s*({PREFIX}\w+)=", example, re.MULTILINE) if name not in known
    ] == []


def test_every_setting_is_in_the_docs() -> None:
    docs = "\n".join(source.text for source in texts() if source.within("docs"))
    assert [name for name in names() if not re.search(rf"\b{name}\b", docs)] == []


def test_every_setting_says_what_it_is() -> None:
    assert [name for name, field in names().items() if not field.description] == []


def test_a_secret_does_not_print_itself() -> None:
    open_secrets = [
        name
        for name, field in names().items()
        if SECRET.search(name) and "Secret" not in str(field.annotation)
    ]
    assert not open_secrets
