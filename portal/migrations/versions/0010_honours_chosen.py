"""Whom a leader chose among those equal across the last place of honour.

A migration imports nothing from the code base: it must mean the same for ever.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""

    op.create_table(
        "honours_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chosen_by_id"],
            ["user.id"],
            name=op.f("fk_honours_choice_chosen_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_honours_choice_tenant_id_tenant"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_honours_choice_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"],
            ["workshop.id"],
            name=op.f("fk_honours_choice_workshop_id_workshop"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_honours_choice")),
        sa.UniqueConstraint(
            "workshop_id", "user_id", name=op.f("uq_honours_choice_workshop_id_user_id")
        ),
    )
    with op.batch_alter_table("honours_choice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_honours_choice_chosen_by_id"), ["chosen_by_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_honours_choice_tenant_id"), ["tenant_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_honours_choice_user_id"), ["user_id"], unique=False
        )


def downgrade() -> None:
    """Forget the choices; the outcome is worked out without them."""

    with op.batch_alter_table("honours_choice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_honours_choice_user_id"))
        batch_op.drop_index(batch_op.f("ix_honours_choice_tenant_id"))
        batch_op.drop_index(batch_op.f("ix_honours_choice_chosen_by_id"))

    op.drop_table("honours_choice")
