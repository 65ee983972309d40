"""The page of what is handled names every code, event and limit of DingTalk, and no file that is missing."""

import re
from pathlib import Path

import bot.platforms.dingtalk as package
from bot.platforms.dingtalk.callbacks import CARDS_PATH, ROBOT_PATH
from bot.platforms.dingtalk.codes import CODES, ERRCODES
from bot.platforms.dingtalk.events import DIRECTORY
from bot.platforms.dingtalk.frames import CARD_TOPIC, NOTES, ROBOT_TOPIC
from bot.platforms.dingtalk.limits import CARD_VALUE, MOST_BYTES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "platforms.md").read_text(encoding="utf-8")
HALF = PAGE.partition("# DingTalk\n")[2].partition("\n# WeCom\n")[0]
HERE = Path(str(package.__file__)).parent


def test_every_code_is_on_the_page() -> None:
    numbers = set(re.findall(r"(?<![\w,])-?\d+(?![\w,]\d)", HALF))
    assert [code for code in ERRCODES if code not in numbers] == []
    words = HALF.lower().replace("…qpmlimit", "forbidden.accessdenied.qpmlimit")
    assert [beginning for beginning, _fate, _words in CODES if beginning not in words] == []


def test_every_event_topic_address_and_limit_is_on_the_page() -> None:
    named = {*DIRECTORY, *NOTES, ROBOT_TOPIC, CARD_TOPIC, ROBOT_PATH, CARDS_PATH}
    assert sorted(one for one in named if one not in HALF) == []
    limits = [MOST_BYTES["session"], MOST_BYTES["push"], CARD_VALUE]
    assert [limit for limit in limits if f"{limit:,}" not in HALF] == []


def test_every_file_that_is_named_is_there() -> None:
    named = set(re.findall(r"`([\w/]+\.py)`", HALF))
    assert [name for name in named if not (HERE / name).exists() and not (ROOT / name).exists()] == []
