"""Materials, the one place where a person learns, and what was learned by day.

A migration imports nothing from the code base: it must mean the same for ever.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "material_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("file", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("required_minutes", sa.Integer(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_material_item_activity_id_activity"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user.id"],
            name=op.f("fk_material_item_created_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material_item")),
        sa.UniqueConstraint(
            "activity_id", "number", name=op.f("uq_material_item_activity_id_number")
        ),
    )
    with op.batch_alter_table("material_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_material_item_activity_id"), ["activity_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_material_item_created_by_id"),
            ["created_by_id"],
            unique=False,
        )

    op.create_table(
        "material_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_ms", sa.Integer(), nullable=False),
        sa.Column("night_ms", sa.Integer(), nullable=False),
        sa.Column("lost_ms", sa.Integer(), nullable=False),
        sa.Column("taken_over", sa.Integer(), nullable=False),
        sa.Column("reported", sa.Integer(), nullable=False),
        sa.Column("unreported", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_material_day_activity_id_activity"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["material_item.id"],
            name=op.f("fk_material_day_item_id_material_item"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_material_day_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material_day")),
        sa.UniqueConstraint(
            "item_id",
            "user_id",
            "day",
            name=op.f("uq_material_day_item_id_user_id_day"),
        ),
    )
    with op.batch_alter_table("material_day", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_material_day_activity_id"), ["activity_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_material_day_item_id"), ["item_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_material_day_unreported"), ["unreported"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_material_day_user_id"), ["user_id"], unique=False
        )

    op.create_table(
        "material_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("opening", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("left", sa.Boolean(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("room_ms", sa.Integer(), nullable=False),
        sa.Column("today_ms", sa.Integer(), nullable=False),
        sa.Column("total_ms", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_ms", sa.Integer(), nullable=False),
        sa.Column("night_ms", sa.Integer(), nullable=False),
        sa.Column("lost_ms", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_material_seat_activity_id_activity"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["material_item.id"],
            name=op.f("fk_material_seat_item_id_material_item"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_material_seat_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material_seat")),
        sa.UniqueConstraint("user_id", name=op.f("uq_material_seat_user_id")),
    )
    with op.batch_alter_table("material_seat", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_material_seat_activity_id"), ["activity_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_material_seat_beat_at"), ["beat_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_material_seat_item_id"), ["item_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_material_seat_user_id"), ["user_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("material_seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_material_seat_user_id"))
        batch_op.drop_index(batch_op.f("ix_material_seat_item_id"))
        batch_op.drop_index(batch_op.f("ix_material_seat_beat_at"))
        batch_op.drop_index(batch_op.f("ix_material_seat_activity_id"))

    op.drop_table("material_seat")
    with op.batch_alter_table("material_day", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_material_day_user_id"))
        batch_op.drop_index(batch_op.f("ix_material_day_unreported"))
        batch_op.drop_index(batch_op.f("ix_material_day_item_id"))
        batch_op.drop_index(batch_op.f("ix_material_day_activity_id"))

    op.drop_table("material_day")
    with op.batch_alter_table("material_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_material_item_created_by_id"))
        batch_op.drop_index(batch_op.f("ix_material_item_activity_id"))

    op.drop_table("material_item")
