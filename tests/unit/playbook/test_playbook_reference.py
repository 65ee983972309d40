"""The reference page says everything that a playbook may say."""

from pathlib import Path

import pytest

from domain.playbook import Playbook
from domain.playbook.draft import OWN, SAME_SENTENCE
from domain.playbook.permissions import DEFAULT_ROLES, PERMISSIONS
from domain.playbook.problems import SENTENCES
from domain.playbook.reference import render, undocumented

PAGE = Path(__file__).parents[3] / "docs" / "playbook.md"


def test_every_field_says_what_it_means() -> None:
    assert undocumented() == []


def test_the_page_is_the_one_that_the_models_write() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), (
        "python -m domain.playbook.reference > docs/playbook.md"
    )


@pytest.mark.parametrize("section", list(Playbook.model_fields))
def test_every_section_has_its_heading(section: str) -> None:
    assert f"\n### {section}" in PAGE.read_text(encoding="utf-8")


def test_every_refusal_of_a_value_has_its_sentence() -> None:
    assert set(SAME_SENTENCE.values()) | set(OWN) <= set(SENTENCES)


def test_default_roles_name_permissions_that_exist() -> None:
    assert {name for role in DEFAULT_ROLES for name in role.permissions} <= set(PERMISSIONS)
