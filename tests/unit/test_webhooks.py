"""The groups' webhooks of the playbook: secrets are looked up, a missing one takes nothing down."""

from pathlib import Path

import pytest

from bot.settings import SecretMissing, secret
from bot.webhooks import group_hooks
from domain.playbook import Playbook
from tests.plants import demo

KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"


def hooked(**webhooks: str) -> Playbook:
    """Return the demo plant with these references at its groups."""
    plant = demo()
    chats = [chat.model_copy(update={"webhook": webhooks.get(chat.code)}) for chat in plant.chats]
    return plant.model_copy(update={"chats": tuple(chats)})


def test_a_reference_leads_to_the_environment_or_to_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOOK_WAREHOUSE", f" {KEY}\n")
    (tmp_path / "key").write_text(f"{KEY}\n", encoding="utf-8")
    assert secret("env:HOOK_WAREHOUSE").get_secret_value() == KEY
    assert secret(f"file:{tmp_path / 'key'}").get_secret_value() == KEY


@pytest.mark.parametrize("reference", ["env:NOBODY_SET_THIS", "file:/nowhere/at/all"])
def test_a_reference_that_leads_nowhere_is_named(reference: str) -> None:
    with pytest.raises(SecretMissing) as missing:
        secret(reference)
    assert missing.value.reference == reference


def test_each_platform_gets_its_own_and_no_address_prints_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_WAREHOUSE", KEY)
    monkeypatch.setenv("HOOK_WORKSHOP", KEY)
    plant = hooked(warehouse="env:HOOK_WAREHOUSE", workshop="env:HOOK_WORKSHOP")
    (wecom,) = group_hooks(plant, platform="wecom")
    (dingtalk,) = group_hooks(plant, platform="dingtalk")
    assert (wecom.code, wecom.chat_id, dingtalk.code) == ("warehouse", "wrDemoWarehouse", "workshop")
    assert wecom.address.get_secret_value() == KEY
    assert KEY not in f"{wecom!r} {dingtalk}"


def test_a_missing_secret_leaves_only_its_group_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_WAREHOUSE", KEY)
    plant = hooked(warehouse="env:HOOK_WAREHOUSE", purchasing="env:NOBODY_SET_THIS")
    assert [hook.code for hook in group_hooks(plant, platform="wecom")] == ["warehouse"]
