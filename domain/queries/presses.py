"""What pressing a button has come to before."""

from domain.store import events, inbox
from domain.work import Work


def standing_answer(work: Work, *, guard: str) -> int | None:
    """Return the number of the answer that the button of this guard got here, if that still stands."""
    for act in inbox.acts_by_button(work, chat_key=work.heard_in, guard=guard):
        done = events.of_act(work, message=act.id)
        if not any(events.is_void(work, event.id) for event in done):
            return act.answer_no
    return None
