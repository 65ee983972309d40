"""下岗: the speaker leaves their station."""

from commands.kit import Context, command
from domain.actions import sign_on as standing
from notifier.card import Card
from notifier.text import _


@command(
    "下岗", "下线", "下班", "我走了", "走了", "收工", "离岗", permission="work.sign_on", examples=("下岗",)
)
def sign_off(ctx: Context) -> Card:
    """从工位下岗；忘了的话，下班以后班长会替你下岗。"""
    done = standing.sign_off(ctx.work)
    return Card(title=_("{name} 已下岗：{station} {station_name}").format(**done), tone="good")
