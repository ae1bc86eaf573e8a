"""Topics, posts, tallies and drafts.

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
        "discussion_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_discussion_draft_activity_id_activity"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_discussion_draft_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_draft")),
        sa.UniqueConstraint(
            "activity_id",
            "user_id",
            "topic_id",
            name=op.f("uq_discussion_draft_activity_id_user_id_topic_id"),
        ),
    )
    with op.batch_alter_table("discussion_draft", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_discussion_draft_activity_id"), ["activity_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_discussion_draft_user_id"), ["user_id"], unique=False
        )

    op.create_table(
        "discussion_tally",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("topics", sa.Integer(), nullable=False),
        sa.Column("replies", sa.Integer(), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.Column("essence", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met", sa.Boolean(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_discussion_tally_activity_id_activity"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_discussion_tally_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_tally")),
        sa.UniqueConstraint(
            "activity_id",
            "user_id",
            name=op.f("uq_discussion_tally_activity_id_user_id"),
        ),
    )
    with op.batch_alter_table("discussion_tally", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_discussion_tally_activity_id"), ["activity_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_discussion_tally_user_id"), ["user_id"], unique=False
        )

    op.create_table(
        "discussion_topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_discussion_topic_activity_id_activity"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["user.id"],
            name=op.f("fk_discussion_topic_author_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["last_by_id"],
            ["user.id"],
            name=op.f("fk_discussion_topic_last_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_topic")),
    )
    with op.batch_alter_table("discussion_topic", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_discussion_topic_activity_id"), ["activity_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_discussion_topic_author_id"), ["author_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_discussion_topic_last_at"), ["last_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_discussion_topic_last_by_id"), ["last_by_id"], unique=False
        )

    op.create_table(
        "discussion_post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("by_learner", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("essence", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reported", sa.JSON(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_discussion_post_activity_id_activity"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["user.id"],
            name=op.f("fk_discussion_post_author_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["removed_by_id"],
            ["user.id"],
            name=op.f("fk_discussion_post_removed_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"],
            ["discussion_topic.id"],
            name=op.f("fk_discussion_post_topic_id_discussion_topic"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_post")),
        sa.UniqueConstraint(
            "activity_id",
            "author_id",
            "form_key",
            name=op.f("uq_discussion_post_activity_id_author_id_form_key"),
        ),
        sa.UniqueConstraint(
            "topic_id", "number", name=op.f("uq_discussion_post_topic_id_number")
        ),
    )
    with op.batch_alter_table("discussion_post", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_discussion_post_activity_id"), ["activity_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_discussion_post_author_id"), ["author_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_discussion_post_digest"), ["digest"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_discussion_post_removed_by_id"),
            ["removed_by_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_discussion_post_topic_id"), ["topic_id"], unique=False
        )

    op.create_table(
        "discussion_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_discussion_reading_activity_id_activity"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"],
            ["discussion_topic.id"],
            name=op.f("fk_discussion_reading_topic_id_discussion_topic"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_discussion_reading_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_reading")),
        sa.UniqueConstraint(
            "user_id", "topic_id", name=op.f("uq_discussion_reading_user_id_topic_id")
        ),
    )
    with op.batch_alter_table("discussion_reading", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_discussion_reading_activity_id"),
            ["activity_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_discussion_reading_topic_id"), ["topic_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_discussion_reading_user_id"), ["user_id"], unique=False
        )

    op.create_table(
        "discussion_earlier_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["discussion_post.id"],
            name=op.f("fk_discussion_earlier_text_post_id_discussion_post"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_earlier_text")),
        sa.UniqueConstraint(
            "post_id",
            "version",
            name=op.f("uq_discussion_earlier_text_post_id_version"),
        ),
    )
    with op.batch_alter_table("discussion_earlier_text", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_discussion_earlier_text_post_id"), ["post_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("discussion_earlier_text", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discussion_earlier_text_post_id"))

    op.drop_table("discussion_earlier_text")
    with op.batch_alter_table("discussion_reading", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discussion_reading_user_id"))
        batch_op.drop_index(batch_op.f("ix_discussion_reading_topic_id"))
        batch_op.drop_index(batch_op.f("ix_discussion_reading_activity_id"))

    op.drop_table("discussion_reading")
    with op.batch_alter_table("discussion_post", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discussion_post_topic_id"))
        batch_op.drop_index(batch_op.f("ix_discussion_post_removed_by_id"))
        batch_op.drop_index(batch_op.f("ix_discussion_post_digest"))
        batch_op.drop_index(batch_op.f("ix_discussion_post_author_id"))
        batch_op.drop_index(batch_op.f("ix_discussion_post_activity_id"))

    op.drop_table("discussion_post")
    with op.batch_alter_table("discussion_topic", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discussion_topic_last_by_id"))
        batch_op.drop_index(batch_op.f("ix_discussion_topic_last_at"))
        batch_op.drop_index(batch_op.f("ix_discussion_topic_author_id"))
        batch_op.drop_index(batch_op.f("ix_discussion_topic_activity_id"))

    op.drop_table("discussion_topic")
    with op.batch_alter_table("discussion_tally", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discussion_tally_user_id"))
        batch_op.drop_index(batch_op.f("ix_discussion_tally_activity_id"))

    op.drop_table("discussion_tally")
    with op.batch_alter_table("discussion_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discussion_draft_user_id"))
        batch_op.drop_index(batch_op.f("ix_discussion_draft_activity_id"))

    op.drop_table("discussion_draft")
