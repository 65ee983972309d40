"""who holds a lane"""

import sqlalchemy as sa
from alembic import op


revision = '2c41d9a07f15'
down_revision = '6ee5ccc97570'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('chat_lane', schema=None) as batch_op:
        batch_op.add_column(sa.Column('holder', sa.String(length=40), nullable=True))
        batch_op.create_index('ix_chat_lane_leased', ['holder'], unique=False, sqlite_where=sa.text('lease_until is not null'), postgresql_where=sa.text('lease_until is not null'))
