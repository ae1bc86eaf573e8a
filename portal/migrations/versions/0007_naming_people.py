"""Whoever keeps a branch's roster may name its people for a workshop.

A migration imports nothing from the code base: it must mean the same for ever.
"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

role = sa.table(
    'role', sa.column('id', sa.Integer), sa.column('permissions', sa.JSON)
)


def upgrade() -> None:
    _rewrite(lambda held: [*held, 'nominate'] if 'manage_people' in held else held)


def downgrade() -> None:
    _rewrite(lambda held: [one for one in held if one != 'nominate'])


def _rewrite(change: Callable[[list[str]], list[str]]) -> None:
    connection = op.get_bind()
    for found in connection.execute(sa.select(role.c.id, role.c.permissions)).all():
        permissions = sorted(set(change(found.permissions)))
        if permissions != sorted(found.permissions):
            connection.execute(
                role.update().where(role.c.id == found.id).values(permissions=permissions)
            )
