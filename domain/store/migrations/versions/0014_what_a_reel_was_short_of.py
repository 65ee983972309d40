"""what was reported when a reel had run out"""

import sqlalchemy as sa
from alembic import op

from domain.models import columns


revision = 'c6a1f37d0e52'
down_revision = 'b85e20c1f6d3'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('loading', schema=None) as batch_op:
        batch_op.add_column(sa.Column('short', columns.Exact(), server_default='0', nullable=False))
