"""versions of routes and bills of material that are of one order alone"""

import sqlalchemy as sa
from alembic import op


revision = 'e3d9075b4c18'
down_revision = 'c6a1f37d0e52'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ('route_version', 'bom_version'):
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.add_column(sa.Column('order_id', sa.BigInteger(), nullable=True))
