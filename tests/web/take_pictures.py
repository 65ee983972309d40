"""Takes the README's pictures from the real demo, into docs/pictures: `python -m tests.web.take_pictures`."""

import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests import chromium
from tests.web.demo_process import ROOT, running_demo
from tests.web.visitor import Visitor

PICTURES = ROOT / "docs" / "pictures"
STILL = "* { animation: none !important; transition: none !important; caret-color: transparent !important; }"


def main(folder: Path = PICTURES) -> None:
    """Play the first hour and take its pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        chromium.launched(scratch=Path(scratch)) as browser,
        running_demo(Path(scratch) / "demo") as url,
    ):
        visitor = Visitor(_page(browser, width=1360, height=860), url)
        visitor.be("张伟")
        visitor.bot_says("在线")
        _play(visitor)
        _snap(visitor.page, folder / "desktop-dingtalk.png")
        visitor.be("郑凯")
        visitor.enter("仓库群")
        visitor.hear("周建国")
        _snap(visitor.page, folder / "desktop-wecom.png")
        _phone(browser, url, folder)


def _play(visitor: Visitor) -> None:
    visitor.enter("一车间生产群")
    visitor.ask("报工 WO-1001 焊接 50 良 2 废", answer="良 50")
    visitor.be("郑凯")
    visitor.enter("仓库群")
    visitor.ask("收料 R-0603-10K LOT-7001 5000", answer="待检")
    visitor.be("张伟")
    visitor.enter("一车间生产群")
    visitor.ask("WO-1001 到哪了", answer="生产中")
    visitor.ask("设备 WO-1001 焊台不热了", answer="已通知设备部")
    visitor.ask("缺料 WO-1001 PT100 探头没了", answer="已通知仓库")
    visitor.move_clock("+15 分钟")
    visitor.move_clock("+15 分钟")


def _phone(browser: Browser, url: str, folder: Path) -> None:
    """The same on a phone."""
    phone = _page(browser, width=360, height=740, phone=True)
    phone.goto(url)
    phone.locator(".person", has_text="马骏").click()
    phone.locator(".room", has_text="设备报修群").click()
    expect(phone.locator(".card").last).to_be_visible()
    _snap(phone, folder / "phone.png")


def _page(
    browser: Browser,
    *,
    width: int,
    height: int,
    phone: bool = False,
) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        is_mobile=phone,
        has_touch=phone,
        device_scale_factor=2 if phone else 1,
        locale="zh-CN",
        bypass_csp=True,  # for the style below
    )
    context.set_default_timeout(60_000)
    return context.new_page()


def _snap(page: Page, place: Path) -> None:
    page.add_style_tag(content=STILL)
    page.screenshot(path=place)
    with Image.open(place) as picture:
        picture.convert("RGB").save(place, optimize=True)


if __name__ == "__main__":
    main(*(Path(name) for name in sys.argv[1:2]))
