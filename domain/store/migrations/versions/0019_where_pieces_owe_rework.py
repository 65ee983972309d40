"""where a piece counts as open rework"""

import sqlalchemy as sa
from alembic import op

from domain.models import columns


revision = '5c0e83d7f2a6'
down_revision = 'e93a5b07c4f1'
branch_labels = None
depends_on = None

OWING = """
select u.id, u.pieces, t.id, t.sequence, t.open_rework
from unit u
join unit_step s on s.unit_id = u.id
join operation_task t on t.order_id = u.order_id and t.sequence = s.sequence and t.void = :no
where u.void = :no and u.status <> 'scrapped' and (u.rounds > 0 or u.status in ('failed', 'quarantined'))
and s.result = 'fail' and s.void = :no and t.open_rework > 0
and not exists (
    select 1 from unit_step w
    where w.unit_id = s.unit_id and w.sequence = s.sequence and w.void = :no
    and w.result in ('pass', 'skip') and w.round >= s.round
)
order by s.round, s.id
"""
"""Where pieces failed that have not passed there since; the earliest failure of each counts."""


def upgrade() -> None:
    with op.batch_alter_table('unit', schema=None) as batch_op:
        batch_op.add_column(sa.Column('owes', columns.Json(), server_default='[]', nullable=False))
    left: dict[int, int] = {}
    owing: dict[int, int] = {}
    for unit, pieces, task, sequence, rework in op.get_bind().execute(sa.text(OWING), {'no': False}).all():
        room = left.setdefault(task, rework // columns.MILLION)
        if unit not in owing and pieces <= room:
            owing[unit], left[task] = sequence, room - pieces
    kind = sa.table('unit', sa.column('id'), sa.column('owes', columns.Json()))
    for unit, sequence in owing.items():
        op.execute(kind.update().where(kind.c.id == unit).values(owes=[sequence]))
