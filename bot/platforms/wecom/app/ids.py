"""How an app message is known afterwards: its msgid, its card's task id, and the code that may change it."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Sent:
    """`msgid` recalls it within 24 h; `code` changes the card `task_id` once within 72 h (94867, 94888)."""

    msgid: str = ""
    task_id: str = ""
    code: str = ""

    def provider_id(self) -> str:
        """Return it as the outbox keeps it."""
        return json.dumps({name: value for name, value in asdict(self).items() if value})


def read(provider_id: str) -> Sent:
    """Return what the outbox kept; empty for an id that another door made."""
    try:
        data = json.loads(provider_id)
        return Sent(**{name: str(value) for name, value in data.items()})
    except (TypeError, ValueError, AttributeError):
        return Sent()
