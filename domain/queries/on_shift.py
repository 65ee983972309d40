"""Who is there now: whom the rota says, and who is signed on."""

from collections.abc import Collection, Sequence

from domain.duty import on_duty, without
from domain.permits import departments_of
from domain.store import people, sign_ons
from domain.work import Work


def on_shift(work: Work) -> frozenset[str]:
    """Return the job numbers of who is on duty by the rota of any department, or signed on to a station."""
    book = work.playbook
    rule = without(book, people.leavers(work))
    standing = people.by_ids(work, [it.person_id for it in sign_ons.still_open(work)])
    on_rota = (on_duty(rule, department=unit.code, at=work.now) for unit in book.departments)
    return frozenset((*(it.job_number for it in standing), *(number for one in on_rota for number in one)))


def approvers(work: Work, *, besides: str, near: str) -> Sequence[str]:
    """Return who may approve and is on shift, but for one (job number): those who are nearest to the matter.

    Nearest are those of the department that the playbook names, else of `near` (a department's code); then
    those whose own trade it is, as a rule quality; then those of the lines; then anybody.
    """
    book = work.playbook
    here = on_shift(work) - {besides}
    able = [it for it in book.people if it.id in here and "work.approve" in book.permissions_of(it.id)]
    circles: tuple[Collection[str], ...] = (
        (book.approvals.department or near,),
        departments_of(book, "work.approve"),
        {it.department for it in book.lines},
    )
    close = ([it.id for it in able if it.department in circle] for circle in circles)
    return next((found for found in close if found), [it.id for it in able])
