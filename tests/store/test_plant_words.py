"""A verb in the plant's own word is understood behind the names of others, too."""

import pytest

from bot.vocabulary import Words
from domain.store.office import Office


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("lead", ["", "WO-1001 ", "@李四 ", "@李四 @赵六 WO-1001 "])
def test_the_plants_word_for_a_verb_is_the_verb(plant: Office, lead: str) -> None:
    said = f"{lead}报数 WO-1001 焊接 5"
    assert plant.read(lambda work: Words().reworded(work, said)).result() == said.replace("报数", "报工")
