"""How alembic runs here: on the connection that `domain.store.migrate` hands it."""

from alembic import context

from domain.models import (
    andon,
    approval,
    container,
    finding,
    floor,
    genealogy,
    journal,
    lot,
    material,
    nonconformance,
    people,
    routing,
    supply,
    unit,
    work_order,
)
from domain.models.columns import Base

MODELS = (
    andon,
    approval,
    container,
    finding,
    floor,
    genealogy,
    journal,
    lot,
    material,
    nonconformance,
    people,
    routing,
    supply,
    unit,
    work_order,
)


def run() -> None:
    """Run the migrations in one transaction on the given connection."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        user_module_prefix="columns.",
    )
    with context.begin_transaction():
        context.run_migrations()


run()
