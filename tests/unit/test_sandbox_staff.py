"""Who joins, moves and leaves the pretend organisation: told to the clouds, kept, seen on the page."""

from pathlib import Path

from bot.sandbox import staff
from bot.sandbox.hands import Hands
from bot.sandbox.page import Stage
from bot.sandbox.page.shown import GONE, shown_world
from bot.sandbox.plant import settle
from bot.sandbox.town import Resident
from bot.sandbox.world import World
from domain.clock import SystemClock
from tests.plants import demo
from tests.unit.test_sandbox_page import LABELS, MASTER, Switch

PLANT = demo()


def a_world(folder: Path) -> World:
    world = World(clock=SystemClock(), folder=folder)
    settle(world, PLANT)
    return world


def title_of(world: World, person: str) -> str:
    switch = Switch()
    hands = Hands(SystemClock(), switch)
    stage = Stage(world=world, playbook=PLANT, master=MASTER, hands=hands, plug=switch, labels=LABELS)
    return next(str(it["title"]) for it in shown_world(stage)["people"] if it["id"] == person)


def test_a_leaver_stays_gone_over_a_restart_and_is_shown_so(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    staff.depart(world, "1002", "dingtalk")
    assert title_of(world, "1002") == "部门负责人", "still here on WeCom"
    staff.depart(world, "1002")
    again = a_world(tmp_path)
    assert title_of(again, "1002") == GONE
    assert staff.employee(again, "dingtalk", "lizhe") is None
    assert staff.employee(again, "wecom", "LIZHE") is None


def test_each_directory_is_told_what_concerns_it(tmp_path: Path) -> None:
    world, heard = a_world(tmp_path), list[tuple[str, str, str]]()
    world.directories["dingtalk"] = lambda who, change: heard.append(("dingtalk", who.id, change))
    world.directories["wecom"] = lambda who, change: heard.append(("wecom", who.id, change))
    staff.hire(world, Resident(id="n", name="小陈", dingtalk_user_id="d", department="仓库"))
    staff.transfer(world, "1002", department="采购部")
    staff.depart(world, "1004", quietly=True)
    staff.depart(world, "1002", "wecom")
    expected = [("dingtalk", "n", "joined"), ("dingtalk", "1002", "moved"), ("wecom", "1002", "moved")]
    assert heard == [*expected, ("wecom", "1002", "left")]
    assert "仓库" in staff.departments(world, "dingtalk").values()
