"""Alembic's entry: migrates the connection that migrate.py hands over, or the URL of `-x url=…`."""

import asyncio

from alembic import context
from sqlalchemy.engine import Connection

from telehealth.storage.engine import database_url, writing_engine
from telehealth.storage.migrate import run_on
from telehealth.storage.rows import metadata


def run(connection: Connection) -> None:
    """Run the migrations in one transaction: all or nothing, on both databases."""
    context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


connection = context.config.attributes.get("connection")
if connection is not None:
    run(connection)
else:
    url = context.get_x_argument(as_dictionary=True)["url"]
    asyncio.run(run_on(writing_engine(database_url(url)), run))
