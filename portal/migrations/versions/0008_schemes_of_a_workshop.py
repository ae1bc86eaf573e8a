"""A scheme may be one workshop's own, come from a template, and score its leaders.

A migration imports nothing from the code base: it must mean the same for ever.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

version = sa.table("scheme_version", sa.column("template", sa.String))


def upgrade() -> None:
    """Add the columns; no version there is came from a template."""
    with op.batch_alter_table("scheme") as table:
        table.add_column(sa.Column("workshop_id", sa.Integer(), nullable=True))
        table.create_index("ix_scheme_workshop_id", ["workshop_id"])
        table.create_foreign_key(
            op.f("fk_scheme_workshop_id_workshop"), "workshop", ["workshop_id"], ["id"]
        )
    with op.batch_alter_table("scheme_version") as table:
        table.add_column(sa.Column("template", sa.String(64), nullable=True))
        table.add_column(
            sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True)
        )
        table.add_column(sa.Column("confirmed_by_id", sa.Integer(), nullable=True))
        table.create_index("ix_scheme_version_confirmed_by_id", ["confirmed_by_id"])
        table.create_foreign_key(
            op.f("fk_scheme_version_confirmed_by_id_user"),
            "user",
            ["confirmed_by_id"],
            ["id"],
            ondelete="SET NULL",
        )
    op.execute(version.update().values(template=""))
    with op.batch_alter_table("scheme_version") as table:
        table.alter_column("template", existing_type=sa.String(64), nullable=False)
    with op.batch_alter_table("workshop") as table:
        table.add_column(
            sa.Column("leader_scheme_version_id", sa.Integer(), nullable=True)
        )
        table.create_index(
            "ix_workshop_leader_scheme_version_id", ["leader_scheme_version_id"]
        )
        table.create_foreign_key(
            op.f("fk_workshop_leader_scheme_version_id_scheme_version"),
            "scheme_version",
            ["leader_scheme_version_id"],
            ["id"],
        )


def downgrade() -> None:
    """Forget them: a workshop's own scheme is the county's again."""
    with op.batch_alter_table("workshop") as table:
        table.drop_constraint(
            op.f("fk_workshop_leader_scheme_version_id_scheme_version"),
            type_="foreignkey",
        )
        table.drop_index("ix_workshop_leader_scheme_version_id")
        table.drop_column("leader_scheme_version_id")
    with op.batch_alter_table("scheme_version") as table:
        table.drop_constraint(
            op.f("fk_scheme_version_confirmed_by_id_user"), type_="foreignkey"
        )
        table.drop_index("ix_scheme_version_confirmed_by_id")
        table.drop_column("confirmed_by_id")
        table.drop_column("confirmed_at")
        table.drop_column("template")
    with op.batch_alter_table("scheme") as table:
        table.drop_constraint(
            op.f("fk_scheme_workshop_id_workshop"), type_="foreignkey"
        )
        table.drop_index("ix_scheme_workshop_id")
        table.drop_column("workshop_id")
