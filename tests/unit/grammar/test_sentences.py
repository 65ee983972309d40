"""The table of sentences: what people say and what it means."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from commands.kit import Ask, Confirm, NotUnderstood, Run, Suggest
from commands.kit.dialogue import Filled
from tests.unit.grammar.pretend import hear

TABLE: list[dict[str, Any]] = YAML(typ="safe").load(
    Path(__file__).with_name("sentences.yaml").read_text("utf-8")
)


def known(filled: Filled) -> dict[str, str]:
    """The arguments as a person would say them."""
    slots = {slot.name: slot for slot in filled.phrasing.slots}
    return {name: slots[name].say(value) for name, value in filled.arguments.items()}


def words(table: dict[str, Any] | None) -> dict[str, str]:
    return {name: str(value) for name, value in (table or {}).items()}


@pytest.mark.parametrize("row", TABLE, ids=[str(row["say"])[:40] for row in TABLE])
def test_what_is_said_means_what_the_table_says(row: dict[str, Any]) -> None:
    result = hear(str(row["say"]))
    match result:
        case Run():
            assert (result.spec.name, known(result)) == (row.get("means"), words(row.get("with")))
        case Ask():
            assert (result.slot.name, known(result)) == (row.get("asks"), words(row.get("knows")))
        case Suggest():
            assert list(result.sentences) == row.get("suggests")
        case Confirm():
            assert result.spec.name == row.get("confirms")
        case NotUnderstood():
            assert result.reason == row.get("nothing")
        case _:
            pytest.fail(f"{result}")


DONE = [row for row in TABLE if "means" in row]


@pytest.mark.parametrize("row", DONE, ids=[str(row["say"])[:40] for row in DONE])
def test_the_canonical_sentence_of_a_run_means_the_same_run(row: dict[str, Any]) -> None:
    first = hear(str(row["say"]))
    assert isinstance(first, Run)
    again = hear(first.sentence)
    assert isinstance(again, Run), first.sentence
    assert (again.spec, dict(again.arguments), again.sentence) == (
        first.spec,
        dict(first.arguments),
        first.sentence,
    )
