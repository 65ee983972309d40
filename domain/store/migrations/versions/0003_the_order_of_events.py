"""the order of events"""

import sqlalchemy as sa
from alembic import op


revision = '7d0be1f5a9c3'
down_revision = '2c41d9a07f15'
branch_labels = None
depends_on = None

ABOVE_EVERY_ID = 1 << 62


def upgrade() -> None:
    # The default comes after the column: rows that stand there already keep none, and go by their ids.
    op.add_column('event', sa.Column('sequence', sa.BigInteger(), nullable=True))
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(f'CREATE SEQUENCE event_sequence START {ABOVE_EVERY_ID} OWNED BY event.sequence')
        op.execute("ALTER TABLE event ALTER COLUMN sequence SET DEFAULT nextval('event_sequence')")
