"""Wrong master data: each mistake with file, line and what was expected."""

from pathlib import Path

import pytest

from domain.playbook import PlaybookInvalid, load_master
from tests.plants import DEMO, demo
from tests.playbooks import at_marker

MASTER_CASES = [
    ("▲ladder: x\n", "ladder：不认识 ladder"),
    (
        "lots:\n  - {code: L-1, material: PK-S, quantity: ▲0}\n",
        "lots.0.quantity：应大于 0，写的是 0",
    ),
    (
        "lots:\n  - {code: LOT-1, material: ▲PK-S, quantity: 1}\n",
        "lots.0.material：物料 PK-S 不按批次管，不能有批次",
    ),
    (
        "orders:\n  - {code: X-1, product: ▲TS-30, quantity: 5}\n",
        "orders.0.product：找不到产品 TS-30。是不是 TS-300？",
    ),
    (
        "orders:\n  - {code: ▲X-1, product: TS-300, quantity: 5}\n",
        "orders.0.code：X-1 应以 WO- 开头",
    ),
    (
        "orders:\n  - ▲{code: WO-1, product: TS-300, quantity: 5, due: 2026-03-01, due_in: 2天}\n",
        "orders.0：due 和 due_in 只能写一个",
    ),
]


@pytest.mark.parametrize(("text", "expected"), MASTER_CASES)
def test_master_data_says_where_and_what(tmp_path: Path, text: str, expected: str) -> None:
    root = tmp_path / "master"
    root.mkdir()
    for name in ("materials.yaml", "products.yaml"):
        (root / name).write_text((DEMO / "master" / name).read_text(encoding="utf-8"), encoding="utf-8")
    (root / "extra.yaml").write_text(text.replace("▲", ""), encoding="utf-8")
    with pytest.raises(PlaybookInvalid) as caught:
        load_master(root, playbook=demo())
    assert f"master/extra.yaml:{at_marker(text)} {expected}" in str(caught.value)


ROUTE_CASES = [
    ("sequence: 20, operation: assemble", "sequence: 10, operation: assemble", "序号 10 应大于前一道的 10"),
    ("operation: assemble, minutes: 2}", "operation: glue, minutes: 2}", "找不到工序 glue"),
    ("{material: PR-PT100,", "{material: TS-300,", "TS-300 不能用在它自己里面"),
    ("{material: PR-PT100,", "{material: PR-PT1000,", "找不到物料 PR-PT1000。是不是 PR-PT100？"),
    ("quantity: 1, operation: solder", "quantity: 1, operation: smt", "温度传感器 的路线里没有工序 smt"),
]


@pytest.mark.parametrize(("old", "new", "expected"), ROUTE_CASES)
def test_routes_name_known_operations_and_materials(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    root = tmp_path / "master"
    root.mkdir()
    for file in (DEMO / "master").glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        (root / file.name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PlaybookInvalid) as caught:
        load_master(root, playbook=demo())
    assert f"：{expected}" in str(caught.value)
    assert "master/products.yaml:" in str(caught.value)
