"""拒绝绑定: the leader does not know the account."""

from commands.kit import Context, Text, command
from domain.actions import bindings
from notifier.card import Card
from notifier.text import _


@command("拒绝绑定 <code>", permission="binding.confirm", group="常用", examples=("拒绝绑定 B-123456",))
def bind_refuse(ctx: Context, code: Text) -> Card:
    """拒绝一个绑定申请。"""
    done = bindings.refuse(ctx.work, code=code.strip())
    return Card(title=_("没有同意 {name}（{job_number}）的绑定").format(**done), tone="warn")
