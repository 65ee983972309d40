"""How a long list is cut into pages: always at least one, and a page that is not there is the nearest."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Cut:
    """Page `number` of `pages`, with the items from `first` (the first is 0) up to, not including, `end`."""

    number: int
    pages: int
    first: int
    end: int


def cut(total: int, *, size: int, page: int) -> Cut:
    """Return which of so many items stand on a page; beyond the last it is the last."""
    pages = max(1, -(-total // size))
    number = min(max(page, 1), pages)
    return Cut(number=number, pages=pages, first=(number - 1) * size, end=min(number * size, total))
