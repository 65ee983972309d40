"""when a timer ended"""

import sqlalchemy as sa
from alembic import op

from domain.models import columns


revision = 'd90b6f2e5a17'
down_revision = '7c2f94d1be08'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('timer', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ended_at', columns.Moment(timezone=True), nullable=True))
