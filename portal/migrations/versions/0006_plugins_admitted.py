"""A county may admit a plugin and leave it to its organisations to enable it.

Until now what was enabled at the root was admitted, and nothing else.

A migration imports nothing from the code base: it must mean the same for ever.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


decision = sa.table(
    "organisation_plugin",
    sa.column("organisation_id", sa.Integer),
    sa.column("enabled", sa.Boolean),
    sa.column("admitted", sa.Boolean),
)
organisation = sa.table(
    "organisation", sa.column("id", sa.Integer), sa.column("parent_id", sa.Integer)
)


def upgrade() -> None:
    """Tell what is admitted from what is enabled."""
    column: sa.Column[bool] = sa.Column("admitted", sa.Boolean(), nullable=True)
    with op.batch_alter_table("organisation_plugin") as table:
        table.add_column(column)
    roots = sa.select(organisation.c.id).where(organisation.c.parent_id.is_(None))
    at_root = decision.c.organisation_id.in_(roots)
    op.execute(decision.update().values(admitted=decision.c.enabled & at_root))
    with op.batch_alter_table("organisation_plugin") as table:
        table.alter_column("admitted", existing_type=sa.Boolean(), nullable=False)


def downgrade() -> None:
    """Forget it: what is off at the root is shut out again."""
    with op.batch_alter_table("organisation_plugin") as table:
        table.drop_column("admitted")
