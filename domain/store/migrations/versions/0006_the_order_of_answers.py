"""the order of answers"""

import sqlalchemy as sa
from alembic import op


revision = 'c3f08d6b2e71'
down_revision = '7b1f0c5a9e23'
branch_labels = None
depends_on = None


def upgrade() -> None:
    waiting = sa.text("state in ('pending', 'leased') and kind = 'reply'")
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_answers', ['chat_key', 'id'], unique=False, sqlite_where=waiting, postgresql_where=waiting)
