"""pieces at a supplier, and those that were past an operation before it was added"""

import sqlalchemy as sa
from alembic import op

from domain.models import columns


revision = '3b7e51d0a9c4'
down_revision = 'ec05d6be26c0'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('operation_task', schema=None) as batch_op:
        batch_op.add_column(sa.Column('outside', columns.Exact(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('passed', columns.Exact(), server_default='0', nullable=False))
