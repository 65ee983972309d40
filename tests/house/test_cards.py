"""Every digest and every card of the notifier stands in the gallery, with a rendering for every way out."""

import ast
from typing import get_args

import pytest

from bot.platforms.wecom.rendering.limits import Kind
from tests.golden.gallery import SAID_BY, Shown, kept
from tests.golden.renderings import DINGTALK, renderings
from tests.house.tree import Source, modules

GALLERY = kept()
SOMETIMES = {"dingtalk-card", "wecom-template_card"}
"""What needs a button or a key, and room enough; where it does not, text says it."""


def test_every_function_that_makes_a_card_has_one_in_the_gallery() -> None:
    made = {name for source in modules() if source.within("notifier") for name in makers(source)}
    assert made == set(SAID_BY)
    assert set(SAID_BY.values()) <= {shown.name for shown in GALLERY}


def makers(source: Source) -> list[str]:
    """Return the public functions of a module that return a card."""
    place = source.path.removesuffix(".py").replace("/", ".")
    return [
        f"{place}.{it.name}"
        for it in source.tree.body
        if isinstance(it, ast.FunctionDef)
        and not it.name.startswith("_")
        and isinstance(it.returns, ast.Name)
        and it.returns.id == "Card"
    ]


@pytest.mark.parametrize("shown", GALLERY, ids=lambda shown: shown.name)
def test_each_card_has_a_rendering_for_every_way_out(shown: Shown) -> None:
    ways = {f"dingtalk-{kind}" for kind in DINGTALK} | {f"wecom-{kind}" for kind in get_args(Kind)}
    assert ways - set(renderings(shown)) <= SOMETIMES
