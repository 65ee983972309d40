"""The plant of a crash run: the demo's rules, more people, big orders, no limit on how fast they talk."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from tests.plants import DEMO, demo

ORDERS: Final = tuple(f"WO-{number}" for number in range(9001, 9005))
OPERATION: Final = "焊接"
MATERIAL: Final = "WIRE-08"
GROUPS: Final = {"dingtalk": "cidCrash==", "wecom": "wrCrash"}
FAST: Final = 1_000_000  # messages a minute: the sandbox sets no limit in a crash run


def build(folder: Path, *, people: int, hooked: bool = False) -> Path:
    """Write the playbook of a run with so many reporters and a third as many clerks; return its folder.

    `hooked`: each WeCom group has a webhook, whose address stands in a file (`hooks`).
    """
    root = folder / "playbook"
    shutil.copytree(DEMO, root)
    (root / "digests.yaml").unlink()
    operators = [_person(f"2{number:03}", "production", "operator") for number in range(people)]
    clerks = [_person(f"3{number:03}", "warehouse", "warehouse") for number in range(max(2, people // 3))]
    hands_ = [_person(number, "production", "manager") for number in hands(people)]
    _change(root / "people.yaml", _add("people", operators + clerks + hands_))
    _change(root / "departments.yaml", _add("chats", [_group(*one) for one in GROUPS.items()]))
    if hooked:
        _change(root / "departments.yaml", lambda data: _hook(data["chats"], hooks(folder)))
    _change(root / "site.yaml", lambda data: data.update(budgets=[_budget(name) for name in GROUPS]))
    _change(root / "master" / "opening.yaml", lambda data: data.update(lots=[], orders=_orders()))
    return root


def hooks(folder: Path) -> Mapping[str, Path]:
    """Return the files with the addresses of the webhooks by the WeCom group that each is of."""
    groups = [*(it.id for it in demo().chats if it.platform == "wecom"), GROUPS["wecom"]]
    return {group: folder / f"hook-{group}" for group in groups}


def reporters(people: int) -> list[str]:
    """Job numbers of those who report work."""
    return [f"2{number:03}" for number in range(people)]


def clerks(people: int) -> list[str]:
    """Job numbers of those who receive lots."""
    return [f"3{number:03}" for number in range(max(2, people // 3))]


def hands(people: int) -> list[str]:
    """Job numbers of those who scan pieces, pack, load and hold."""
    return [f"4{number:03}" for number in range(max(2, people // 4))]


def _person(number: str, department: str, role: str) -> dict[str, Any]:
    accounts = {"dingtalk": f"d{number}", "wecom": f"w{number}"}
    return {"id": number, "name": f"人{number}", "department": department, "roles": [role], **accounts}


def _group(platform: str, chat_id: str) -> dict[str, Any]:
    return {"code": f"crash-{platform}", "platform": platform, "id": chat_id, "title": "压力群"}


def _hook(chats: list[dict[str, Any]], files: Mapping[str, Path]) -> None:
    for chat in chats:
        if chat["id"] in files:
            chat["webhook"] = f"file:{files[chat['id']]}"


def _budget(platform: str) -> dict[str, Any]:
    return {"platform": platform, "per_minute": FAST, "per_hour": FAST, "reserve": 0}


def _orders() -> list[dict[str, Any]]:
    base = {"product": "TS-300", "quantity": 900_000_000, "state": "released", "line": "L2", "due_in": "90天"}
    return [{"code": code, **base} for code in ORDERS]


def _add(section: str, rows: list[dict[str, Any]]) -> Any:
    return lambda data: data[section].extend(rows)


def _change(file: Path, change: Any) -> None:
    yaml = YAML(typ="safe", pure=True)
    data = yaml.load(file.read_text(encoding="utf-8"))
    change(data)
    plain = _spelt(data)
    with file.open("w", encoding="utf-8") as target:
        yaml.dump(plain, target)


def _spelt(data: Any) -> Any:
    """Everything as text, as the playbook's reader takes it: a date stays what it says."""
    if isinstance(data, dict):
        return {str(key): _spelt(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_spelt(value) for value in data]
    return data if isinstance(data, bool | int) else str(data)
