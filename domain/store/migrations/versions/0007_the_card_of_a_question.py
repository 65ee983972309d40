"""the card of a question"""

import sqlalchemy as sa
from alembic import op

from domain.models import columns


revision = '5e9a4410c7bd'
down_revision = 'c3f08d6b2e71'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('dialogue', schema=None) as batch_op:
        batch_op.add_column(sa.Column('card', columns.Json(), nullable=True))
