"""Cards of every shape for property tests: long, hostile, full of what platforms take for markup."""

from hypothesis import strategies as st

from notifier.card import Button, Card, Table

HOSTILE = (
    "@all",
    "@所有人",
    "<@zhangsan>",
    "<@all>",
    "[x](javascript:alert(1))",
    "![](@lADP)",
    '<font color="red">红</font>',
    "<a href='http://x'>点</a>",
    "# 题",
    "> 引",
    "**粗**",
    "*斜*",
    "`码`",
    "| a | b |",
    "---",
    "1. 一",
    "{0.__class__}",
    "%s%n",
    "${jndi}",
    '=cmd|"/c calc"!A0',
    "\\",
    "\u202e\u0007",
    "👩🏻\u200d🏭️",
    "e\u0301",
)

TEXT = st.lists(
    st.sampled_from(HOSTILE) | st.text(st.characters(codec="utf-8"), max_size=30), max_size=6
).map(" ".join)
LONG = st.builds(lambda text, times: text * times, TEXT, st.sampled_from([1, 1, 1, 7, 90]))


def _table(columns: int, rows: list[list[str]]) -> Table:
    filled = tuple(tuple((row + [""] * columns)[:columns]) for row in rows)
    return Table(header=tuple(f"列{at}" for at in range(columns)), rows=filled)


TABLES = st.builds(_table, st.integers(1, 4), st.lists(st.lists(TEXT, min_size=1, max_size=4), max_size=25))
BUTTONS = st.builds(
    Button, text=TEXT.map(lambda text: text[:12] or "按"), say=TEXT.map(lambda text: text or "说"), guard=TEXT
)
CARDS = st.builds(
    Card,
    title=LONG,
    lines=st.lists(LONG, max_size=30).map(tuple),
    table=st.none() | TABLES,
    buttons=st.lists(BUTTONS, max_size=9).map(tuple),
    tone=st.sampled_from(["plain", "good", "warn", "bad"]),
    number=st.none() | st.integers(1, 99_999),
)
