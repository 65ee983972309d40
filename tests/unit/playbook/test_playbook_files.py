"""A playbook as a whole: all mistakes at once, files that cannot be read, secrets."""

from pathlib import Path

import pytest

from domain.playbook import PlaybookInvalid, load
from tests.playbooks import GOOD, complaints, written

PEOPLE = GOOD["people.yaml"]
ANDON = GOOD["andon.yaml"]


def test_the_good_one_loads_and_keeps_leading_zeros(tmp_path: Path) -> None:
    assert load(written(tmp_path)).person("0007").name == "喆"


def test_whoever_may_be_called_must_be_able_to_take(tmp_path: Path) -> None:
    said = complaints(written(tmp_path, people=PEOPLE.replace("manager", "operator")))
    assert (
        "playbook/shifts.yaml:4:45 rota.0.people.0：0007 的角色都没有 andon.take（接异常），叫到他也接不了"
        in said
    )
    assert any(line.startswith("playbook/site.yaml:4:18 site.plant_manager：0007 的角色") for line in said)
    assert any(
        line.startswith("playbook/departments.yaml:4:11 departments.0.head：0007 的角色") for line in said
    )


def test_all_mistakes_are_said_at_once_in_the_order_of_the_files(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        people="people:\n  - {id: 0007, nme: 喆, roles: [manager]}\n",
        andon=ANDON.replace("after: 10m", "after: 十分").replace("ladder: up", "ladder: upp"),
        limits="limits: {scrap_rate: many}\n",
    )
    said = complaints(path)
    assert [line.split(" ")[0].split("：")[0] for line in said] == [
        "playbook/andon.yaml:6:28",
        "playbook/andon.yaml:8:55",
        "playbook/limits.yaml:1:22",
        "playbook/people.yaml:2:5",
        "playbook/people.yaml:2:16",
    ]


def test_a_broken_file_does_not_blame_the_others_for_what_it_hides(tmp_path: Path) -> None:
    said = complaints(written(tmp_path, people="people: [{id: 0007\n"))
    assert len(said) == 1
    assert said[0].startswith("playbook/people.yaml:2:1：YAML 写法不对：花括号没有写完")


def test_a_file_that_is_not_utf8_is_named_with_the_line(tmp_path: Path) -> None:
    path = written(tmp_path)
    (path / "gbk.yaml").write_bytes("# 一\nleave: []\n# 喆\n".encode("gb18030"))
    assert complaints(path) == ["playbook/gbk.yaml:3:1：不是 UTF-8 编码，请另存为 UTF-8"]


def test_secrets_are_references_and_a_value_is_not_repeated(tmp_path: Path) -> None:
    chats = "chats:\n  - {code: c, platform: wecom, id: x, title: 群, webhook: %s}\n"
    said = complaints(written(tmp_path, chats=chats % "https://example.invalid/send?key=topsecret"))
    assert said == [
        "playbook/chats.yaml:2:58 chats.0.webhook：密钥只能写引用：env:名字 或 file:/路径，不能写值本身"
    ]


@pytest.mark.parametrize("reference", ["env:GROUP_HOOK", "file:/run/secrets/hook"])
def test_secret_references_are_kept(tmp_path: Path, reference: str) -> None:
    chats = f"chats:\n  - {{code: c, platform: wecom, id: x, title: 群, webhook: '{reference}'}}\n"
    assert load(written(tmp_path, chats=chats)).chat("c").webhook == reference


def test_references_that_multiply_are_refused(tmp_path: Path) -> None:
    lines = ["x0: &x0 [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"x{level}: &x{level} [{', '.join([f'*x{level - 1}'] * 9)}]" for level in range(1, 9)]
    path = written(tmp_path, more="leave:\n" + "\n".join(f"  - {{{line}}}" for line in lines) + "\n")
    assert any("值太多" in line for line in complaints(path))


@pytest.mark.parametrize("depth", [100, 350, 450, 600, 5000])
def test_brackets_without_end_are_refused(tmp_path: Path, depth: int) -> None:
    said = complaints(written(tmp_path, more=f"leave: {'[' * depth}{']' * depth}\n"))
    assert any("嵌套太深" in line or "maximum recursion" in line for line in said)


def test_no_folder_and_an_empty_folder_say_so(tmp_path: Path) -> None:
    assert complaints(tmp_path / "nowhere") == [f"{tmp_path}/nowhere：找不到这个文件夹或文件"]
    (tmp_path / "empty").mkdir()
    assert complaints(tmp_path / "empty") == ["empty：这个文件夹里没有 .yaml 文件"]


def test_the_same_problem_in_english(tmp_path: Path) -> None:
    path = written(tmp_path, people=PEOPLE + "  - {id: 8, name: 珺, roles: [manageer]}\n")
    with pytest.raises(PlaybookInvalid) as caught:
        load(path)
    english = caught.value.text(language="en_US")
    assert (
        english == "playbook/people.yaml:3:30 people.1.roles.0: no such role: manageer; did you mean manager?"
    )
