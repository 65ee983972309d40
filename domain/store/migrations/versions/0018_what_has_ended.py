"""edges by whether they have ended: a trace asks for the few that have, among all of a lot's"""

from alembic import op


revision = 'e93a5b07c4f1'
down_revision = 'd41f8a6c2e95'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for end in ('parent', 'child'):
        op.drop_index(f'ix_edge_{end}', 'edge')
        op.create_index(f'ix_edge_{end}', 'edge', [f'{end}_kind', f'{end}_id', 'ended_at'])
