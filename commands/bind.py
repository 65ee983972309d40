"""绑定: an account says which employee it is."""

from commands.kit import Context, Text, command
from domain.actions import bindings
from notifier.card import Card
from notifier.text import _


@command("绑定 <job_number>", "绑定工号", group="常用", examples=("绑定 1007",))
def bind(ctx: Context, job_number: Text) -> Card:
    """把这个账号绑定到工号，班组长确认后生效。"""
    done = bindings.request(
        ctx.work,
        platform=ctx.chat.platform,
        user_id=ctx.sender_id,
        sender_name=ctx.sender_name,
        chat_key=ctx.work.heard_in,
        job_number=job_number.removeprefix("工号").strip(),
    )
    return Card(title=_("已请 {approver} 确认你是 {name}（{job_number}）").format(**done), tone="good")
