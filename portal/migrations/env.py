"""Alembic's environment for every stream: the core's and each plugin's.

`portal.plugins.streams` hands over the connection and the options; the transaction is
the caller's, so a stream is upgraded whole or not at all.
"""

from alembic import context

context.configure(**context.config.attributes)

with context.begin_transaction():
    context.run_migrations()
