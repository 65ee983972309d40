"""lots by the place where they stand: what is at a station is asked often, and lots are many"""

from alembic import op


revision = 'd41f8a6c2e95'
down_revision = 'b72c4e19a6d3'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_lot_place', 'lot', ['site_id', 'place'])
