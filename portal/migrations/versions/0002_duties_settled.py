"""Duties are settled, not deleted; notices of plugins name their occasion.

A migration imports nothing from the code base: it must mean the same for ever.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a duty hold a settled slot, and a notice its occasion."""
    with op.batch_alter_table("duty") as table:
        table.add_column(
            sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True)
        )
        table.alter_column(
            "due_at", existing_type=sa.DateTime(timezone=True), nullable=True
        )
    with op.batch_alter_table("notice") as table:
        table.add_column(sa.Column("once", sa.String(length=120), nullable=True))
        table.create_unique_constraint(
            op.f("uq_notice_tenant_id_once"), ["tenant_id", "once"]
        )


def downgrade() -> None:
    """Forget what was settled: only what is owed has a row."""
    op.execute("DELETE FROM duty WHERE settled_at IS NOT NULL OR due_at IS NULL")
    with op.batch_alter_table("notice") as table:
        table.drop_constraint(op.f("uq_notice_tenant_id_once"), type_="unique")
        table.drop_column("once")
    with op.batch_alter_table("duty") as table:
        table.alter_column(
            "due_at", existing_type=sa.DateTime(timezone=True), nullable=False
        )
        table.drop_column("settled_at")
