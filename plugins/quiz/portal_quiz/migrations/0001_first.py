"""The bank, papers, attempts and results.

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
        "quiz_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ran_out", sa.Boolean(), nullable=False),
        sa.Column("points", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("out_of", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_quiz_attempt_activity_id_activity"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_quiz_attempt_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_attempt")),
        sa.UniqueConstraint(
            "activity_id",
            "user_id",
            "number",
            name=op.f("uq_quiz_attempt_activity_id_user_id_number"),
        ),
    )
    with op.batch_alter_table("quiz_attempt", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quiz_attempt_activity_id"), ["activity_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_quiz_attempt_due_at"), ["due_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_quiz_attempt_state"), ["state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_quiz_attempt_user_id"), ["user_id"], unique=False
        )

    op.create_table(
        "quiz_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user.id"],
            name=op.f("fk_quiz_question_created_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_quiz_question_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_question")),
    )
    with op.batch_alter_table("quiz_question", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quiz_question_created_by_id"),
            ["created_by_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_quiz_question_organisation_id"),
            ["organisation_id"],
            unique=False,
        )

    op.create_table(
        "quiz_question_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("key", sa.JSON(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user.id"],
            name=op.f("fk_quiz_question_version_created_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["quiz_question.id"],
            name=op.f("fk_quiz_question_version_question_id_quiz_question"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_question_version")),
        sa.UniqueConstraint(
            "question_id",
            "number",
            name=op.f("uq_quiz_question_version_question_id_number"),
        ),
    )
    with op.batch_alter_table("quiz_question_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quiz_question_version_created_by_id"),
            ["created_by_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_quiz_question_version_question_id"),
            ["question_id"],
            unique=False,
        )

    op.create_table(
        "quiz_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("score", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_quiz_result_activity_id_activity"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["quiz_attempt.id"],
            name=op.f("fk_quiz_result_attempt_id_quiz_attempt"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_quiz_result_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_result")),
        sa.UniqueConstraint(
            "activity_id", "user_id", name=op.f("uq_quiz_result_activity_id_user_id")
        ),
    )
    with op.batch_alter_table("quiz_result", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quiz_result_activity_id"), ["activity_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_quiz_result_attempt_id"), ["attempt_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_quiz_result_user_id"), ["user_id"], unique=False
        )

    op.create_table(
        "quiz_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_quiz_item_activity_id_activity"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["quiz_question.id"],
            name=op.f("fk_quiz_item_question_id_quiz_question"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["quiz_question_version.id"],
            name=op.f("fk_quiz_item_version_id_quiz_question_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_item")),
        sa.UniqueConstraint(
            "activity_id",
            "question_id",
            name=op.f("uq_quiz_item_activity_id_question_id"),
        ),
    )
    with op.batch_alter_table("quiz_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quiz_item_activity_id"), ["activity_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_quiz_item_question_id"), ["question_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_quiz_item_version_id"), ["version_id"], unique=False
        )

    op.create_table(
        "quiz_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("layout", sa.JSON(), nullable=False),
        sa.Column("response", sa.JSON(), nullable=False),
        sa.Column("points", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("share", sa.Numeric(precision=7, scale=6), nullable=True),
        sa.Column("marked_version_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["quiz_attempt.id"],
            name=op.f("fk_quiz_answer_attempt_id_quiz_attempt"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["quiz_item.id"], name=op.f("fk_quiz_answer_item_id_quiz_item")
        ),
        sa.ForeignKeyConstraint(
            ["marked_version_id"],
            ["quiz_question_version.id"],
            name=op.f("fk_quiz_answer_marked_version_id_quiz_question_version"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["quiz_question_version.id"],
            name=op.f("fk_quiz_answer_version_id_quiz_question_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_answer")),
        sa.UniqueConstraint(
            "attempt_id", "item_id", name=op.f("uq_quiz_answer_attempt_id_item_id")
        ),
    )
    with op.batch_alter_table("quiz_answer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quiz_answer_attempt_id"), ["attempt_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_quiz_answer_item_id"), ["item_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_quiz_answer_marked_version_id"),
            ["marked_version_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_quiz_answer_version_id"), ["version_id"], unique=False
        )

    op.create_table(
        "quiz_hand_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("share", sa.Numeric(precision=7, scale=6), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["quiz_answer.id"],
            name=op.f("fk_quiz_hand_mark_answer_id_quiz_answer"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["user.id"],
            name=op.f("fk_quiz_hand_mark_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_hand_mark")),
        sa.UniqueConstraint(
            "answer_id", "number", name=op.f("uq_quiz_hand_mark_answer_id_number")
        ),
    )
    with op.batch_alter_table("quiz_hand_mark", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quiz_hand_mark_answer_id"), ["answer_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_quiz_hand_mark_by_id"), ["by_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("quiz_hand_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quiz_hand_mark_by_id"))
        batch_op.drop_index(batch_op.f("ix_quiz_hand_mark_answer_id"))

    op.drop_table("quiz_hand_mark")
    with op.batch_alter_table("quiz_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quiz_answer_version_id"))
        batch_op.drop_index(batch_op.f("ix_quiz_answer_marked_version_id"))
        batch_op.drop_index(batch_op.f("ix_quiz_answer_item_id"))
        batch_op.drop_index(batch_op.f("ix_quiz_answer_attempt_id"))

    op.drop_table("quiz_answer")
    with op.batch_alter_table("quiz_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quiz_item_version_id"))
        batch_op.drop_index(batch_op.f("ix_quiz_item_question_id"))
        batch_op.drop_index(batch_op.f("ix_quiz_item_activity_id"))

    op.drop_table("quiz_item")
    with op.batch_alter_table("quiz_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quiz_result_user_id"))
        batch_op.drop_index(batch_op.f("ix_quiz_result_attempt_id"))
        batch_op.drop_index(batch_op.f("ix_quiz_result_activity_id"))

    op.drop_table("quiz_result")
    with op.batch_alter_table("quiz_question_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quiz_question_version_question_id"))
        batch_op.drop_index(batch_op.f("ix_quiz_question_version_created_by_id"))

    op.drop_table("quiz_question_version")
    with op.batch_alter_table("quiz_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quiz_question_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_quiz_question_created_by_id"))

    op.drop_table("quiz_question")
    with op.batch_alter_table("quiz_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quiz_attempt_user_id"))
        batch_op.drop_index(batch_op.f("ix_quiz_attempt_state"))
        batch_op.drop_index(batch_op.f("ix_quiz_attempt_due_at"))
        batch_op.drop_index(batch_op.f("ix_quiz_attempt_activity_id"))

    op.drop_table("quiz_attempt")
