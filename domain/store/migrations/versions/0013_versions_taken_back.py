"""versions of routes and bills of material that were taken back"""

import sqlalchemy as sa
from alembic import op


revision = 'b85e20c1f6d3'
down_revision = 'd90b6f2e5a17'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ('route_version', 'bom_version'):
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.add_column(sa.Column('void', sa.Boolean(), server_default=sa.false(), nullable=False))
