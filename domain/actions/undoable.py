"""Which acts can be undone; of every other event, the code of the reason why not."""

from typing import Final

UNDOABLE: Final = frozenset(
    {
        "order.drafted",
        "order.released",
        "order.started",
        "order.paused",
        "order.resumed",
        "order.completed",
        "work.reported",
        "lot.received",
        "lot.inspected",
        "lot.held",
        "lot.issued",
        "andon.raised",
        "andon.repeated",
        "andon.acknowledged",
        "andon.contained",
        "andon.resolved",
    }
)

FINAL: Final[dict[str, str]] = {
    "andon.closed": "confirmed",  # the reporter has confirmed: a new andon is raised instead
    "andon.reopened": "already_called",  # people have been called again
    "andon.escalated": "already_called",
    "andon.waiting": "already_called",
    "andon.unheard": "already_called",
    "lot.expiring": "only_told",
    "andon.confirm_due": "already_called",
    "binding.requested": "ask_leader",
    "binding.confirmed": "ask_leader",
    "binding.refused": "ask_leader",
    "act.voided": "is_a_void",  # say the sentence again instead
    "act.refused": "is_a_refusal",
    "andon.handed_back": "already_called",
    "master.loaded": "is_master_data",
    "person.joined": "is_directory",
    "person.left": "is_directory",
    "person.moved": "is_directory",
    "account.bound": "is_directory",
    "account.listed": "is_directory",
    "account.left": "is_directory",
    "directory.read": "is_directory",
    "directory.failed": "is_directory",
}
