"""what is left of a reel that was taken out, and the date code of a label"""

import sqlalchemy as sa
from alembic import op

from domain.models import columns


revision = 'a41c7e90b3d2'
down_revision = '3b7e51d0a9c4'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('loading', schema=None) as batch_op:
        batch_op.add_column(sa.Column('left', columns.Exact(), nullable=True))
        batch_op.add_column(sa.Column('settled', sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table('lot', schema=None) as batch_op:
        batch_op.add_column(sa.Column('date_code', sa.String(length=40), server_default='', nullable=False))
