"""How alembic runs here: inside the connection that core.db.migrate hands over."""

from alembic import context

from core.db.models import Model

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Model.metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
