"""what a panel counts for, where a piece begins, and where it was seen instead"""

import sqlalchemy as sa
from alembic import op


revision = '7c2f94d1be08'
down_revision = 'a41c7e90b3d2'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('unit', schema=None) as batch_op:
        batch_op.add_column(sa.Column('first_sequence', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('pieces', sa.Integer(), server_default='1', nullable=False))
    with op.batch_alter_table('finding', schema=None) as batch_op:
        batch_op.add_column(sa.Column('seen_sequence', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('seen_by', sa.BigInteger(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f('fk_finding_seen_by_person'),
            'person',
            ['seen_by'],
            ['id'],
            initially='DEFERRED',
            deferrable=True,
        )
