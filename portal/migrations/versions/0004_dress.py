"""An organisation's own site title and logo, and who may choose them.

A migration imports nothing from the code base: it must mean the same for ever.
"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

role = sa.table(
    'role', sa.column('id', sa.Integer), sa.column('permissions', sa.JSON)
)


def upgrade() -> None:
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('site_title', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('logo_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f('fk_organisation_logo_id_stored_file'), 'stored_file', ['logo_id'], ['id']
        )
    # Whoever may enable plugins for a branch may dress it from now on.
    _rewrite(lambda held: [*held, 'dress_organisation'] if 'enable_plugins' in held else held)


def downgrade() -> None:
    _rewrite(lambda held: [one for one in held if one != 'dress_organisation'])
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_organisation_logo_id_stored_file'), type_='foreignkey')
        batch_op.drop_column('logo_id')
        batch_op.drop_column('site_title')


def _rewrite(change: Callable[[list[str]], list[str]]) -> None:
    connection = op.get_bind()
    for found in connection.execute(sa.select(role.c.id, role.c.permissions)).all():
        permissions = sorted(set(change(found.permissions)))
        if permissions != sorted(found.permissions):
            connection.execute(
                role.update().where(role.c.id == found.id).values(permissions=permissions)
            )
