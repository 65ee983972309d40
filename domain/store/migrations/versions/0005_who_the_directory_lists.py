"""who the directory lists"""

import sqlalchemy as sa
from alembic import op

from domain.models import columns


revision = '7b1f0c5a9e23'
down_revision = '91c6e0b2d4f7'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('listed_at', columns.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('left_at', columns.Moment(timezone=True), nullable=True))
