"""同意绑定: the leader confirms an account."""

from commands.kit import Context, Text, command
from domain.actions import bindings
from notifier.card import Card
from notifier.text import _


@command("同意绑定 <code>", permission="binding.confirm", group="常用", examples=("同意绑定 B-123456",))
def bind_confirm(ctx: Context, code: Text) -> Card:
    """同意一个绑定申请；只有他的班组长能点。"""
    done = bindings.confirm(ctx.work, code=code.strip())
    return Card(title=_("{name}（{job_number}）绑定成功").format(**done), tone="good")
