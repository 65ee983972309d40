"""Writes docs/cards.md: each card of the gallery on each platform side by side, and what the wire carries."""

import importlib
import json
from collections.abc import Iterator
from typing import Any

WIDTH = 340
SAID_FIRST = ("dingtalk-card", "dingtalk-session"), ("wecom-template_card", "wecom-markdown")
RINGING = ("dingtalk-session", "wecom-webhook_text")
INTRO = """\
班长说的每一种话是同一张「卡片」；每个平台尽力显示，显示不了的换成文字，太长的分成几条，再长就附上全文。
左边是钉钉，右边是企业微信，都是手机的宽度。点开「线上的 JSON」看真正发出去的内容。

Everything the bot says is one Card. Each platform shows it as well as it can: what cannot be pressed becomes
a sentence to say, what is too long comes in up to three numbered parts (1/3 …), what is longer still goes as
a sheet with all of it. What people typed is never markup, link or mention. These cards were said by the real
house (`tests/golden/cards`), sent through the pretend clouds, and photographed on the demo's chat page.

- every rendering in every kind of message: `tests/golden/renderings` (`CARDS=write pytest tests/golden`)
- the pictures: `.venv/bin/python -m tests.web.take_card_pictures` (needs Chromium)
- this page: `./dev docs`
"""


def page(note: str) -> str:
    """Return the page; `note` says that it is generated."""
    gallery = importlib.import_module("tests.golden.gallery")
    parts = ["# 卡片在每个平台上 · Each card on each platform", "", note, "", INTRO, *_limits()]
    for shown in gallery.kept():
        parts += ["", *_card(shown)]
    return "\n".join(parts) + "\n"


def _limits() -> Iterator[str]:
    """Yield the tables of limits, from the code that keeps them."""
    dingtalk = importlib.import_module("bot.platforms.dingtalk.limits")
    wecom = importlib.import_module("bot.platforms.wecom.rendering.limits")
    yield "## 每种消息能装多少 · How much each kind of message holds"
    yield ""
    yield "| 平台 | 消息 | 字节 | 表格 | 真的 @ |"
    yield "|---|---|---|---|---|"
    for kind, most in dingtalk.MOST_BYTES.items():
        rings = "✓" if kind in {"session", "webhook"} else ""
        yield f"| 钉钉 | `{kind}` | {most:,} | | {rings} |"
    yield f"| 钉钉 | `card`（每个值） | {dingtalk.CARD_VALUE:,} | | ✓ |"
    for kind, form in wecom.FORMS.items():
        tables, rings = ("✓" if it else "" for it in (form.tables, form.rings))
        yield f"| 企业微信 | `{kind}` | {form.most:,} | {tables} | {rings} |"
    words = f"标题 {wecom.TITLE} 字，正文 {wecom.SUBTITLE} 字"
    most = f"{wecom.MOST_ROWS} 行，{wecom.MOST_BUTTONS} 个按钮"
    yield f"| 企业微信 | `template_card` | {words}，{most} | | |"


def _card(shown: Any) -> Iterator[str]:
    yield f"## {shown.what} · `{shown.name}`"
    yield ""
    yield "| 钉钉 DingTalk | 企业微信 WeCom |"
    yield "|---|---|"
    pictures = (f"pictures/cards/{shown.name}-{platform}.png" for platform in ("dingtalk", "wecom"))
    cells = (f'<img src="{it}" width="{WIDTH}" alt="{shown.what}">' for it in pictures)
    yield f"| {' | '.join(cells)} |"
    yield ""
    yield "<details><summary>线上的 JSON · on the wire</summary>"
    yield ""
    for kind, messages in _sent(shown):
        yield f"`{kind}`"
        yield "```json"
        yield from (json.dumps(message, ensure_ascii=False, indent=1) for message in messages)
        yield "```"
    yield "</details>"


def _sent(shown: Any) -> Iterator[tuple[str, list[Any]]]:
    """Yield what each platform sends first, and the kinds that really ring where somebody is called."""
    made = importlib.import_module("tests.golden.renderings").renderings(shown)
    first = [next(kind for kind in kinds if kind in made) for kinds in SAID_FIRST]
    ringing = RINGING if shown.rings else ()
    for kind in dict.fromkeys((*first, *ringing)):
        yield kind, made[kind]
