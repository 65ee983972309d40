"""what was spent of the month, and what died"""

import sqlalchemy as sa
from alembic import op


revision = '91c6e0b2d4f7'
down_revision = '7d0be1f5a9c3'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('usage',
    sa.Column('site_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('platform', sa.String(length=20), nullable=False),
    sa.Column('robot', sa.String(length=80), nullable=False),
    sa.Column('chat_key', sa.String(length=300), nullable=False),
    sa.Column('use', sa.String(length=20), nullable=False),
    sa.Column('units', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('site_id', 'month', 'platform', 'robot', 'chat_key', 'use', name=op.f('pk_usage'))
    )
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_dead', ['ended_at'], unique=False, sqlite_where=sa.text("state = 'dead'"), postgresql_where=sa.text("state = 'dead'"))
