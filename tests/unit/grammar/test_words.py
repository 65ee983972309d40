"""Numerals, time and spelling: small tables that a foreman can extend."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from commands.kit import WordList, normalise
from commands.kit.durations import Lasting
from commands.kit.numerals import number
from commands.kit.sentence import Sentence
from commands.kit.sound import Sounds
from commands.kit.times import CalendarDay, Evening, Moment
from tests.unit.grammar.pretend import NOW, WORDS

NUMBERS = {
    "50": "50",
    "1.5万": "15000",
    "3千": "3000",
    "五十": "50",
    "两百": "200",
    "一百二十": "120",
    "三百五": "350",
    "一万二": "12000",
    "两千零五": "2005",
    "二〇二六".replace("〇", "零"): "2026",
    "廿五": "25",
    "十": "10",
    "半": "0.5",
    "俩": "2",
    "仨": "3",
    "三点五": "3.5",
    "百分之五": "0.05",
    "零": "0",
    "12345.678": "12345.678",
}


@pytest.mark.parametrize(("said", "value"), NUMBERS.items())
def test_numbers_as_people_say_them(said: str, value: str) -> None:
    assert number(said) == Decimal(value)


@pytest.mark.parametrize(
    "said", ["", "百", "万", "点五", "五点", "一点百", "abc", "1.2.3", "-5", "1,000", "五十a"]
)
def test_what_is_no_number(said: str) -> None:
    assert number(said) is None


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("ＷＯ－１００１　焊接", "WO-1001 焊接"),
        ("WO—1001 WO–1001 WO−1001", "WO-1001 WO-1001 WO-1001"),
        ("报\u200b工\ufeff 50", "报工 50"),
        ("“废”２", '"废"2'),
        ("5㎏ ① ½箱", "5kg 1 半箱"),
        ("二〇二六。", "二零二六."),
        ("  a \t b\r\n\r\n c ", "a b\nc"),
        ("\u202e报工", "报工"),
        ("\ud800x", "x"),
    ],
)
def test_what_people_type_becomes_comparable(raw: str, plain: str) -> None:
    assert normalise(raw) == plain


def sentence(text: str, *, now: datetime = NOW) -> Sentence:
    return Sentence(normalise(text), vocabulary=WORDS, now=now)


MOMENTS = {
    "今天": "2026-11-20 23:59",
    "明天": "2026-11-21 23:59",
    "后天上午": "2026-11-22 12:00",
    "大后天": "2026-11-23 23:59",
    "昨晚": "2026-11-19 20:00",
    "明早8点": "2026-11-21 08:00",
    "明天下午三点一刻": "2026-11-21 15:15",
    "周五": "2026-11-20 23:59",
    "周五 9:00": "2026-11-27 09:00",
    "周日": "2026-11-22 23:59",
    "下周一": "2026-11-23 23:59",
    "上周五": "2026-11-13 23:59",
    "礼拜三晚上": "2026-11-25 20:00",
    "17:00": "2026-11-20 17:00",
    "9:30": "2026-11-21 09:30",
    "12-01": "2026-12-01 23:59",
    "12/1 8:00": "2026-12-01 08:00",
    "1月5日": "2027-01-05 23:59",
    "2027-02-28": "2027-02-28 23:59",
    "下午5点": "2026-11-20 17:00",
    "两小时后": "2026-11-20 12:00",
    "半小时内": "2026-11-20 10:30",
    "24:00": "2026-11-21 00:00",
}


@pytest.mark.parametrize(("said", "at"), MOMENTS.items())
def test_moments(said: str, at: str) -> None:
    found = sentence(said).of(Moment("when", "时间"))
    assert [f"{match.value:%Y-%m-%d %H:%M}" for match in found] == [at]
    assert found[0].value.tzinfo is NOW.tzinfo


@pytest.mark.parametrize("said", ["昨晚", "昨夜", "昨天晚上", "昨天夜里", "11-19 晚上"])
def test_an_evening_is_more_than_its_day(said: str) -> None:
    day = CalendarDay("day", "日期", gone=True)
    (found,) = sentence(said).of(day)
    assert (found.value, type(found.value)) == (Evening(2026, 11, 19), Evening)
    (again,) = sentence(day.say(found.value)).of(day)
    assert type(again.value) is type(day.load(day.dump(found.value))) is Evening
    assert [type(it.value) for it in sentence("昨天上午").of(day)] == [date]
    assert [type(it.value) for it in sentence(said).of(CalendarDay("day", "日期"))] == [date]


@pytest.mark.parametrize("said", ["2-30", "13-01", "25:00", "12:60", "WO-1001", "1.5", "3号线", "一半"])
def test_what_is_no_moment(said: str) -> None:
    assert sentence(said).of(Moment("when", "时间")) == ()


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("12月3日", "2026-12-03"),
        ("3月3日", "2027-03-03"),
        ("11月18日", "2026-11-18"),
        ("2026-03-03", "2026-03-03"),
        ("昨天", "2026-11-19"),
    ],
)
def test_what_lies_ahead_is_next_years_where_it_is_long_over(said: str, day: str) -> None:
    found = sentence(said).of(Moment("when", "时间", ahead=True))
    assert [f"{it.value:%Y-%m-%d}" for it in found] == [day], "a few days ago is a slip, and refused"


DURATIONS = {
    "15分钟": 15,
    "2h": 120,
    "2小时": 120,
    "半小时": 30,
    "半个小时": 30,
    "一个半小时": 90,
    "1小时30分": 90,
    "三刻钟": 45,
    "1.5小时": 90,
    "两天": 2880,
    "90 min": 90,
    "1小时半": 90,
}


@pytest.mark.parametrize(("said", "minutes"), DURATIONS.items())
def test_durations(said: str, minutes: int) -> None:
    kind = Lasting("duration", "时长")
    [match] = sentence(said).of(kind)
    assert match.value == timedelta(minutes=minutes)
    assert kind.load(kind.dump(match.value)) == match.value
    assert sentence(kind.say(match.value)).of(kind)[0].value == match.value


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("晚工", "完工"),
        ("宝工", "报工"),
        ("抱工", "报工"),
        ("入裤", "入库"),
        ("baogong", "报工"),
        ("bg", "报工"),
        ("在停", "暂停"),
    ],
)
def test_what_is_misspelt_sounds_like_what_is_meant(said: str, meant: str) -> None:
    verbs = Sounds(["报工", "完工", "入库", "暂停", "开工", "到哪了"])
    assert verbs.close(said)[0][0] == meant


@pytest.mark.parametrize("said", ["虫启", "种启", "cq", "zq"])
def test_a_word_is_known_by_every_way_to_read_it(said: str) -> None:
    assert Sounds(["报工", "重启"]).close(said)[0][0] == "重启"


@pytest.mark.parametrize("said", ["", "你好", "天气", "x" * 500, "😀"])
def test_what_sounds_like_nothing_is_left_alone(said: str) -> None:
    assert Sounds(["报工", "完工", "到哪了"]).close(said) == []


def test_an_alias_with_blanks_is_found_without_them() -> None:
    words = WordList({"operation": {"回流焊": ("SMT 焊接",)}})
    for text in ("smt焊接", "SMT 焊接"):
        found = Sentence(normalise(text), vocabulary=words, now=NOW).names
        assert [name.name for hit in found for name in hit.values] == ["回流焊"]


def test_an_alias_is_no_part_of_a_longer_latin_word() -> None:
    assert not sentence("hjk xhj hj2").names
    assert sentence("hj 焊接").names
