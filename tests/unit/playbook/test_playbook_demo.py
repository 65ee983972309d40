"""The demo plant is what the newcomer was promised, and it loads without a word."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from domain.errors import NotFound
from domain.playbook import load, load_master
from domain.playbook.permissions import PERMISSIONS
from tests.plants import DEMO, demo, plant


def test_six_departments_twelve_people_two_lines_and_products_of_every_kind() -> None:
    book = demo()
    master = load_master(DEMO / "master", playbook=book)
    assert len(book.departments) == 6
    assert len(book.people) == 12
    assert len(book.lines) == 2
    assert {"TS-300", "PM-200", "CB-100", "GW-500", "LD-50"} <= {it.code for it in master.products}
    assert any(len(ladder.rungs) == 3 for ladder in book.ladders)
    assert {"喆", "珺"} <= set("".join(person.name for person in book.people))


def test_some_have_dingtalk_only_some_wecom_only_some_both() -> None:
    kinds = Counter((bool(it.dingtalk), bool(it.wecom)) for it in demo().people)
    assert set(kinds) == {(True, False), (False, True), (True, True)}


def test_people_sit_only_in_groups_of_a_platform_they_have() -> None:
    book = demo()
    assert [
        (chat.title, number)
        for chat in book.chats
        for number in chat.members
        if not book.person(number).account(chat.platform)
    ] == []


def test_every_department_hears_its_alerts_and_has_an_hour_for_its_stand_up() -> None:
    book = demo()
    standing = {digest.department for digest in book.digests if digest.kind == "standup"}
    assert all(department.chats for department in book.departments)
    assert standing == {department.code for department in book.departments}


def test_who_must_act_can_be_reached_in_the_departments_group_or_alone() -> None:
    book = demo()
    for line in book.rota:
        assert all(book.person(number).dingtalk or book.person(number).wecom for number in line.people)


def test_each_product_has_a_route_and_parts_and_every_part_has_a_first_lot_or_is_untracked() -> None:
    master = load_master(DEMO / "master", playbook=demo())
    assert all(product.route.steps and product.bom.lines for product in master.products)
    stocked = {lot.material for lot in master.lots}
    first = next(product for product in master.products if product.code == "TS-300")
    untracked = {material.code for material in master.materials if material.tracking == "none"}
    assert {line.material for line in first.bom.lines} <= stocked | untracked


def test_quantities_are_exact() -> None:
    master = load_master(DEMO / "master")
    solder = [line.quantity for line in master.products[0].bom.lines if line.material == "WIRE-08"]
    assert solder == [Decimal("0.002")]


def test_orders_of_the_first_hour() -> None:
    orders = {order.code: order for order in load_master(DEMO / "master").orders}
    assert orders["WO-1001"].state == "released"
    assert orders["WO-1002"].state == "draft"
    assert orders["WO-1001"].due_in == timedelta(days=3)


def test_things_are_found_by_every_word_for_them() -> None:
    book = demo()
    assert book.department("品管").code == book.department("品质部").code == "quality"
    assert book.operation("打件").name == "贴片"
    assert book.andon_kind("没料").name == "缺料"
    assert book.terms("model")["温感"] == "TS-300"
    assert book.account_owner("wecom", "ZhengKai") == book.person("1009")
    assert book.account_owner("dingtalk", "ZhengKai") is None
    with pytest.raises(NotFound):
        book.person("9999")


def test_permissions_come_from_roles_and_nobody_else_has_any() -> None:
    book = demo()
    assert "work.report" in book.permissions_of("1004")
    assert "lot.receive" not in book.permissions_of("1004")
    assert "lot.receive" in book.permissions_of("1009")
    assert book.permissions_of("9999") == frozenset()
    assert [role.name for role in book.roles_with("lot.receive")] == ["仓管员"]


def test_a_role_of_the_plant_replaces_the_default_and_patterns_are_spelt_out() -> None:
    book = plant(
        roles=[{"code": "operator", "name": "技工", "permissions": ["order.*", "work.report"]}],
        people=[{"id": "1", "name": "甲", "roles": ["operator"]}],
    )
    orders = {name for name in PERMISSIONS if name.startswith("order.")}
    assert book.permissions_of("1") == orders | {"work.report"}
    everything = plant(roles=[{"code": "operator", "name": "全", "permissions": ["*"]}])
    assert everything.role_permissions["operator"] == frozenset(PERMISSIONS)


def test_the_version_is_of_the_rules_not_of_their_layout(tmp_path: Path) -> None:
    version = demo().version
    for file in DEMO.glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        (tmp_path / f"x{file.name}").write_text(f"# 另一份\n\n{text}", encoding="utf-8")
    assert load(tmp_path).version == version
    site = tmp_path / "xsite.yaml"
    site.write_text(site.read_text(encoding="utf-8").replace("undo: 10m", "undo: 11m"), encoding="utf-8")
    assert load(tmp_path).version != version


def test_a_changed_copy_forgets_nothing_and_keeps_nothing_stale() -> None:
    book = demo()
    before = (book.version, book.person("1001").name)
    copy = book.model_copy(update={"people": book.people[1:]})
    assert copy.version != before[0]
    with pytest.raises(NotFound):
        copy.person("1001")
    assert (book.version, book.person("1001").name) == before


def test_the_demo_has_people_at_work_at_any_hour_of_any_day() -> None:
    from domain.duty import on_duty  # noqa: PLC0415 (duty stands above the playbook; only this test needs both)

    book, start = demo(), datetime(2026, 2, 14, tzinfo=UTC)
    hours = [start + timedelta(hours=hour) for hour in range(24 * 10)]
    assert all(on_duty(book, department="production", at=hour) for hour in hours)
