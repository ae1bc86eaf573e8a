"""A sheet of records that names leaders is open to who scores them alone.

A migration imports nothing from the code base: it must mean the same for ever.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

sheet = sa.table(
    "record_import",
    sa.column("activity_id", sa.Integer),
    sa.column("by_id", sa.Integer),
    sa.column("from_above", sa.Boolean),
)
activity = sa.table(
    "activity", sa.column("id", sa.Integer), sa.column("workshop_id", sa.Integer)
)
enrolment = sa.table(
    "enrolment",
    sa.column("workshop_id", sa.Integer),
    sa.column("user_id", sa.Integer),
    sa.column("role", sa.String),
)


def upgrade() -> None:
    """Add the column.

    Whom a sheet names stands in its file alone. So all that was not brought in by a
    leader of the workshop, who could name no leaders, counts as come from above.
    """
    with op.batch_alter_table("record_import") as table:
        table.add_column(
            sa.Column(
                "from_above", sa.Boolean(), nullable=False, server_default=sa.false()
            )
        )
    by_a_leader = (
        sa.select(sa.literal(1))
        .select_from(
            activity.join(enrolment, enrolment.c.workshop_id == activity.c.workshop_id)
        )
        .where(
            activity.c.id == sheet.c.activity_id,
            enrolment.c.user_id == sheet.c.by_id,
            enrolment.c.role == "workshop_leader",
        )
    )
    op.execute(
        sheet.update()
        .where(sheet.c.activity_id.is_not(None), ~by_a_leader.exists())
        .values(from_above=sa.true())
    )
    with op.batch_alter_table("record_import") as table:
        table.alter_column(
            "from_above", existing_type=sa.Boolean(), server_default=None
        )


def downgrade() -> None:
    """Forget it; leaders see all sheets of their workshops again."""
    with op.batch_alter_table("record_import") as table:
        table.drop_column("from_above")
