"""Claims of which there may be one: of two nodes that come first at the same moment, neither fails."""

from concurrent.futures import wait
from functools import partial

from domain.store import claims
from domain.store.office import Office
from domain.work import Work


def test_of_many_that_take_a_new_lease_at_once_one_has_it(office: Office) -> None:
    for lease in range(5):
        taken = [
            office.write(partial(claims.hold, name=f"new {lease}", holder=f"n{one}", seconds=60))
            for one in range(4)
        ]
        wait(taken)
        assert sorted(it.result() for it in taken) == [False, False, False, True]


def test_a_fact_that_several_write_for_the_first_time_is_written(office: Office) -> None:
    def note(work: Work, *, by: int) -> None:
        claims.setting(work, "fact")
        claims.put_setting(work, "fact", {"by": by})
        assert claims.setting(work, "fact") == {"by": by}, "what was written is read in the same job"

    written = [office.write(partial(note, by=one)) for one in range(8)]
    for one in written:
        one.result()
    found = office.read(lambda work: claims.setting(work, "fact")).result()
    assert found in [{"by": one} for one in range(8)]
