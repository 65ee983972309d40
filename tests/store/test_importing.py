"""Tables of routes, bills of material and materials: all of it as new versions, or nothing at all."""

from functools import partial

import pytest

from domain.actions import importing, release
from domain.actions.importing import Imported
from domain.playbook import PlaybookInvalid
from domain.queries import routes, verify
from domain.queries.routes import Making
from domain.store.office import Office

ROUTE = """产品,序号,工序,标准工时,可选,并行组,备注
CB-100,10,贴片,1,,,第一道
CB-100,20,焊接,1,,,
CB-100,25,老化,3,是,1,
CB-100,30,测试,1.2,,1,

CB-100,40,包装,0.3,,,"""
BOM = """产品,料号,单耗,工序,位号,替代料
PM-200,PCB-PM200,1,贴片,,
PM-200,R-0603-10K,"1,000",smt,R1 R2、R3，R4,C-0805-100N"""


def table(text: str) -> list[list[str]]:
    rows = [line.replace('"1,000"', "1，000").split(",") for line in text.splitlines()]
    return [[cell.replace("1，000", "1,000") for cell in row] for row in rows]


def load(plant: Office, text: str) -> Imported:
    return plant.write(partial(importing.load, rows=table(text), file="表.csv")).result()


def making(plant: Office, **of: str) -> Making:
    return plant.read(lambda work: routes.making(work, **of)).result()


def test_a_route_becomes_the_next_version_and_released_orders_keep_theirs(plant: Office) -> None:
    done = load(plant, ROUTE)
    assert done["versions"] == {"CB-100": 2}
    assert done["unused"] == ["备注"]
    made = making(plant, product="CB-100")
    assert [step.name for step in made.steps] == ["贴片", "焊接", "老化", "测试", "包装"]
    assert [step.beside for step in made.steps] == [False, False, True, True, False]
    assert [step.name for step in making(plant, order="WO-1003").steps] == ["贴片", "焊接", "测试", "包装"]
    assert load(plant, ROUTE)["unchanged"] == ["CB-100"]
    assert plant.read(verify.differences).result()[0] == []


def test_a_bill_of_material_of_a_draft_is_the_newest_at_its_release(plant: Office) -> None:
    load(plant, BOM)
    plant.write(partial(release.release, order="WO-1002")).result()
    parts = making(plant, order="WO-1002").parts
    assert [(part.material, int(part.quantity)) for part in parts] == [("PCB-PM200", 1), ("R-0603-10K", 1000)]
    assert parts[1].positions == ("R1", "R2", "R3", "R4")
    assert parts[1].alternates == ("C-0805-100N",)


def test_new_materials_are_added_and_others_stay(plant: Office) -> None:
    done = load(plant, "料号,名称,单位,管理方式,保质期\nIC-NEW,新芯片,个,lot,180天\nWIRE-08,别的名字,米,lot,")
    assert (done["added"], done["unchanged"]) == (["IC-NEW"], ["WIRE-08"])
    again = load(plant, "产品,序号,工序,标准工时\nIC-NEW,10,测试,1")
    assert again["versions"] == {"IC-NEW": 1}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", ["表.csv：表里什么都没有"]),
        ("名字,年龄\n张伟,30", ["第 1 行：看不出是什么表"]),
        (
            "产品,序号,工序,标准工时,可选\nCB-100,10,贴片,abc,\nCB-100,20,焊接,1,也许",
            ["第 2 行 D 列「标准工时」：应为数字", "第 3 行 E 列「可选」"],
        ),
        ("产品,序号,工序,标准工时\nCB-100,10,贴皮,1", ["第 2 行 C 列「工序」：找不到工序 贴皮"]),
        ("产品,序号,工序,标准工时\nCB-999,10,贴片,1", ["第 2 行 A 列「产品」：找不到物料 CB-999"]),
        (
            "产品,序号,工序,标准工时\nCB-100,20,贴片,1\nCB-100,10,焊接,1",
            ["第 3 行 B 列「序号」：序号 10 应大于前一道的 20"],
        ),
        (
            "产品,序号,工序,标准工时,并到\nCB-100,10,贴片,1,老化",
            ["第 2 行 E 列「并到」：age 不是这条路线里单独报工的工序"],
        ),
        (
            "产品,序号,工序,标准工时,并行组\nCB-100,10,贴片,1,1\nCB-100,20,焊接,1,\nCB-100,30,测试,1,1",
            ["第 4 行 E 列「并行组」：并行组 1 的工序要连着写"],
        ),
        (
            "产品,序号,工序,标准工时,设备类别\nCB-100,10,贴片,1,挖掘机",
            ["第 2 行 E 列「设备类别」：没有 挖掘机 这一类设备"],
        ),
        ("产品,料号,用量,工序\nCB-100,WIRE-08,0,焊接", ["第 2 行 C 列「用量」：应大于"]),
        (
            "产品,料号,用量,工序\nCB-100,WIRE-08,1,组装\nCB-100,CB-100,1,焊接",
            [
                "第 2 行 D 列「工序」：CB-100 的路线里没有工序 assemble",
                "第 3 行 B 列「料号」：CB-100 不能用在",
            ],
        ),
        (
            "产品,料号,用量,工序\nCB-100,WIRE-08,1,焊接\nCB-100,WIRE-08,2,焊接",
            ["第 3 行 B 列「料号」：WIRE-08 在 solder 已经写过一行"],
        ),
        (
            "产品,料号,用量,工序\nWIRE-08,PK-S,1,包装",
            ["第 2 行 A 列「产品」：WIRE-08 还没有工艺路线，先导入路线"],
        ),
        ("产品,料号,用量,工序\n,PK-S,1,包装", ["第 2 行"]),
    ],
)
def test_every_mistake_says_its_row_and_nothing_is_imported(
    plant: Office, text: str, says: list[str]
) -> None:
    good = "\nPM-200,10,贴片,9" if "序号" in text else ""
    with pytest.raises(PlaybookInvalid) as wrong:
        load(plant, text + good)
    for part in says:
        assert part in str(wrong.value)
    assert making(plant, product="CB-100").route == making(plant, product="PM-200").route == 1
