"""The demo as a newcomer meets it: the real bot behind the pretend clouds, in a real browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, expect

from bot.sandbox.page.labels import make_labels
from domain.playbook import load_master
from tests.plants import DEMO, demo
from tests.web.demo_process import running_demo
from tests.web.visitor import ANSWER_SECONDS, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]

PHONE: ViewportSize = {"width": 360, "height": 740}
Scheme = Literal["light", "dark"]
PICTURE = make_labels(load_master(DEMO / "master", playbook=demo()))[0].png
EVIL = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) **粗** <script>alert(1)</script>"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One demo for the tests that leave it as it is."""
    with running_demo(tmp_path_factory.mktemp("demo")) as address:
        yield address


def test_a_newcomer_works_through_the_first_hour(page: Page, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 1360, "height": 820})
    wrong = complaints(page)
    with running_demo(tmp_path / "demo") as url:
        visitor = Visitor(page, url)
        visitor.be("张伟")
        visitor.bot_says("在线")
        an_operator_reports_in_dingtalk(visitor)
        a_clerk_receives_in_wecom(visitor)
        a_clerk_scans_in_the_app(visitor)
        a_call_for_help_rings_the_warehouse_and_climbs(visitor)
        a_card_is_pressed(visitor)
        what_is_said_to_a_dead_bot_is_answered_when_it_lives(visitor)
        a_photo_of_a_label_is_understood(visitor)
    expect(page.locator("#offline")).to_contain_text("断了")
    assert [text for text in wrong if "ERR_" not in text] == []


def an_operator_reports_in_dingtalk(visitor: Visitor) -> None:
    visitor.enter("一车间生产群")
    answer = visitor.ask("报工 WO-1001 焊接 50 良 2 废", answer="良 50")
    expect(answer).to_contain_text("还剩 148")
    expect(answer.locator(".at.me")).to_have_text("@张伟")
    expect(visitor.page.locator(".row.mine .at").last).to_have_text("@班长")


def a_clerk_receives_in_wecom(visitor: Visitor) -> None:
    visitor.be("郑凯")
    visitor.enter("仓库群")
    expect(visitor.page.locator("#talk-head .badge")).to_have_text("企业微信")
    visitor.page.locator("#phrases button", has_text="收料").click()
    visitor.page.locator("#send").click()
    visitor.hear("待检")


def a_clerk_scans_in_the_app(visitor: Visitor) -> None:
    visitor.enter("班长（应用）")
    visitor.page.locator("#text").fill("WO-1001")
    visitor.page.locator("#scan").click()
    expect(visitor.hear("工单 WO-1001")).to_be_visible()
    expect(visitor.page.locator(".row.mine").last).to_contain_text("（扫码）WO-1001")


def a_call_for_help_rings_the_warehouse_and_climbs(visitor: Visitor) -> None:
    visitor.be("张伟")
    visitor.enter("一车间生产群")
    visitor.ask("缺料 WO-1001 PT100 探头没了", answer="已通知仓库")
    expect(visitor.page.locator(".other", has_text="郑凯")).to_be_visible(timeout=ANSWER_SECONDS * 1000)
    visitor.be("郑凯")
    visitor.enter("仓库群")
    expect(visitor.hear("PT100 探头没了")).to_contain_text("郑凯")
    before = visitor.page.locator("#time").inner_text()
    visitor.move_clock("+15 分钟")
    assert visitor.page.locator("#time").inner_text() != before
    visitor.hear("吴桂芳")  # the head of the department
    visitor.move_clock("+15 分钟")
    visitor.hear("周建国")  # the plant manager: the last rung
    visitor.be("周建国")
    expect(visitor.page.locator(".room .count").first).to_be_visible(timeout=ANSWER_SECONDS * 1000)


def a_card_is_pressed(visitor: Visitor) -> None:
    visitor.be("郑凯")
    visitor.enter("仓库群")
    card = visitor.page.locator(".card", has_text="PT100 探头没了").last
    card.get_by_role("button", name="接", exact=True).click()
    expect(card).to_contain_text(
        "已响应 · 郑凯", timeout=ANSWER_SECONDS * 1000
    )  # the same card, changed in place
    expect(card.get_by_role("button")).to_have_text("已解决")


def what_is_said_to_a_dead_bot_is_answered_when_it_lives(visitor: Visitor) -> None:
    visitor.be("张伟")
    visitor.enter("一车间生产群")
    visitor.page.locator("#power").click()
    visitor.bot_says("没电了")
    expect(visitor.page.locator("#offline")).to_contain_text("钉钉会等它开机")
    visitor.say("WO-1001 到哪了")
    visitor.page.locator("#power", has_text="重新开机").click()
    visitor.bot_says("在线")
    visitor.hear("WO-1001 生产中")
    assert visitor.page.locator(".row[data-author='bot']", has_text="WO-1001 生产中").count() == 1


def a_photo_of_a_label_is_understood(visitor: Visitor) -> None:
    visitor.page.locator("#labels").click()
    visitor.page.locator("#label-menu button", has_text="工单流转卡").click()
    expect(visitor.page.locator("#attached img")).to_be_visible()
    visitor.page.locator("#send").click()
    expect(visitor.page.locator(".row.mine img.shot")).to_be_visible()
    visitor.hear("WO-1001")


def test_a_second_start_shows_the_same_world_and_the_page_finds_it_again(page: Page, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    with running_demo(folder) as url:
        visitor = Visitor(page, url)
        visitor.be("张伟")
        visitor.bot_says("在线")
        visitor.ask("报工 WO-1001 焊接 10 良", answer="良 10")
        visitor.move_clock("+1 小时")
        hour = page.locator("#time").inner_text()[:2]
    expect(page.locator("#offline")).to_contain_text("断了")
    with running_demo(folder, port=int(url.rsplit(":", 1)[1])) as again:
        assert again == url
        visitor.bot_says("在线")
        assert page.locator("#time").inner_text()[:2] == hour
        page.reload()
        expect(page.locator("#me")).to_contain_text("张伟")
        expect(page.locator(".row", has_text="良 10").first).to_be_visible()
        visitor.ask("WO-1001 到哪了", answer="0 / 200")


def test_what_people_type_stays_text(page: Page, url: str) -> None:
    wrong = complaints(page)
    visitor = Visitor(page, url)
    visitor.be("张伟")
    visitor.bot_says("在线")
    visitor.ask(f"缺料 {EVIL}", answer="已通知仓库")
    visitor.be("郑凯")
    visitor.enter("仓库群")
    told = page.locator(".row[data-author='bot']", has_text="alert(1)")
    expect(told.first).to_be_visible(timeout=ANSWER_SECONDS * 1000)
    assert page.locator(".flow script, .flow [onerror], .flow a[href^='javascript']").count() == 0
    assert wrong == []


def test_who_leaves_the_firm_is_heard_no_more_until_they_come_back(page: Page, url: str) -> None:
    page.set_viewport_size({"width": 1360, "height": 820})
    wrong = complaints(page)
    visitor = Visitor(page, url)
    visitor.be("李喆")
    visitor.bot_says("在线")
    visitor.ask("谁在等我", answer="等你")
    page.locator("#leave").click()
    expect(page.locator("#leave")).to_contain_text("再按一次")
    page.locator("#leave").click()
    expect(page.locator("#staff-words")).to_have_text("李喆已离职")
    visitor.ask_until("谁在等我", answer="账号停用了")
    page.locator("#me").click()
    expect(page.locator(".person", has_text="李喆")).to_contain_text("已离职")
    visitor.be("李喆")
    page.locator("#leave", has_text="重新入职").click()
    expect(page.locator("#staff-words")).to_contain_text("李喆在职")
    visitor.ask_until("谁在等我", answer="等你")
    assert wrong == []


def test_a_step_of_the_guide_leads_to_the_person_the_chat_and_the_sentence(page: Page, url: str) -> None:
    page.set_viewport_size({"width": 1360, "height": 820})
    Visitor(page, url).be("钱立群")
    page.locator(".act", has_text="收料").click()
    expect(page.locator("#me")).to_contain_text("郑凯")
    expect(page.locator("#talk-head")).to_contain_text("仓库群")
    expect(page.locator("#text")).to_have_value("收料 R-0603-10K LOT-7001 5000")


def test_a_picture_can_be_pasted_and_a_word_quoted(page: Page, url: str) -> None:
    visitor = Visitor(page, url)
    visitor.be("张伟")
    visitor.say("看这张")
    row = page.locator(".row.mine").last
    row.hover()
    row.locator(".quote-it").click()
    expect(page.locator("#quoting")).to_contain_text("看这张")
    pictures = (FilePayload(name=f"{name}.png", mimeType="image/png", buffer=PICTURE) for name in "一二")
    page.locator("#file").set_input_files(list(pictures))
    expect(page.locator("#attached img")).to_have_count(2)
    page.locator("#attached button").first.click()
    page.locator("#send").click()
    expect(page.locator(".row.mine").last.locator("img.shot")).to_have_count(1)
    expect(page.locator(".row.mine").last.locator(".quote")).to_contain_text("看这张")
    page.locator("#mention").click()
    visitor.say("这句班长听不到")
    expect(page.locator(".row.mine").last).not_to_contain_text("@班长")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_sticks_out(browser: Browser, url: str, scheme: Scheme) -> None:
    context = browser.new_context(
        viewport=PHONE, is_mobile=True, has_touch=True, color_scheme=scheme, locale="zh-CN"
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto(url)
    assert sticking_out(page) == []
    page.locator(".person", has_text="张伟").click()
    assert sticking_out(page) == []
    page.locator(".room", has_text="一车间生产群").click()
    expect(page.locator("#house-chip .lamp[data-state=ready]")).to_be_visible(timeout=ANSWER_SECONDS * 1000)
    page.locator("#text").fill("WO-1001 到哪了")
    page.locator("#send").click()
    expect(page.locator(".row[data-author='bot']", has_text="WO-1001").last).to_be_visible(
        timeout=ANSWER_SECONDS * 1000
    )
    assert sticking_out(page) == []
    page.locator("#house-chip").click()
    expect(page.locator("#power")).to_be_visible()
    page.locator("#close-house").click()
    page.locator(".back").click()
    expect(page.locator(".room", has_text="一车间生产群")).to_be_visible()


def complaints(page: Page) -> list[str]:
    """Collect errors of the page's console and scripts, and any dialog."""
    found: list[str] = []
    page.on("console", lambda line: found.append(line.text) if line.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("dialog", lambda dialog: found.append(f"dialog: {dialog.message}"))
    return found


def sticking_out(page: Page) -> list[str]:
    """Return a complaint if something makes the page wider than the screen."""
    width = page.evaluate("document.documentElement.scrollWidth")
    return [] if width <= PHONE["width"] else [f"the page is {width} px wide"]
