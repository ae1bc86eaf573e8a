"""An assignment notes when its reviewer had said what they were asked for.

And an expert reads what was assigned, where the county left the role as it came.

A migration imports nothing from the code base: it must mean the same for ever.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


role = sa.table("role", sa.column("code", sa.String), sa.column("permissions", sa.JSON))
WITHOUT, WITH = ["review", "view"], ["read_submissions", "review", "view"]


def upgrade() -> None:
    """Let an assignment be settled, and experts read what they were given."""
    _experts(WITH, WITHOUT)
    with op.batch_alter_table("assignment") as table:
        table.add_column(
            sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True)
        )


def downgrade() -> None:
    """Forget who had settled what, and let experts read everything again."""
    _experts(WITHOUT, WITH)
    with op.batch_alter_table("assignment") as table:
        table.drop_column("settled_at")


def _experts(before: list[str], after: list[str]) -> None:
    """Change the experts' permissions where they are exactly these."""
    connection = op.get_bind()
    experts = sa.select(role.c.permissions).where(role.c.code == "expert")
    if any(sorted(held) != before for held in connection.scalars(experts)):
        return
    connection.execute(
        role.update().where(role.c.code == "expert").values(permissions=after)
    )
