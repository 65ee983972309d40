"""when a piece came into a station, and which operations ask for it"""

import sqlalchemy as sa
from alembic import op

from domain.models import columns


revision = 'b72c4e19a6d3'
down_revision = 'e3d9075b4c18'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('operation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('track_in', sa.Boolean(), server_default=sa.false(), nullable=False))
    for name in ('unit', 'unit_step'):
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.add_column(sa.Column('entered_at', columns.Moment(timezone=True), nullable=True))
