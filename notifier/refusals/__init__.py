"""What a refusal says: one sentence a code, telling what to do; its placeholders equal the error's data."""

from typing import Final

from notifier.refusals import base, floor, lots, orders, people, supply, undoing, units

TOPICS: Final = (base, orders, floor, lots, supply, undoing, people, units)
SENTENCES: Final[dict[str, str]] = {code: said for topic in TOPICS for code, said in topic.SENTENCES.items()}
