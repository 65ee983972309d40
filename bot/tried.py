"""A dangerous act is tried before it is asked about: what is not possible at all is refused at once."""

from dataclasses import replace

from commands import kit
from commands.kit import Confirm, Context, Run
from domain.work import Work


class Tried(Exception):
    """It would have succeeded; whatever it has done is taken back by this."""


def try_out(ctx: Context, question: Confirm) -> None:
    """Do what is asked about in half a transaction and take it back; raises what it would be refused with."""
    run = Run(spec=question.spec, phrasing=question.phrasing, arguments=question.arguments, confirmed=True)

    def job(work: Work) -> None:
        work.actor, work.message, work.heard_in = ctx.work.actor, ctx.work.message, ctx.work.heard_in
        kit.execute(run, replace(ctx, work=work))
        work.session.flush()
        raise Tried

    tried = ctx.work.attempt(job, after_rows=False)
    if tried.error and not isinstance(tried.error, Tried):
        raise tried.error
