"""Allocations, assessments with their versions, runs, and what was told.

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
        "peer_review_allocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("author_number", sa.Integer(), nullable=False),
        sa.Column("reviewer_number", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("weight", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("weighed_by_id", sa.Integer(), nullable=True),
        sa.Column("allocated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.String(length=16), nullable=False),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_peer_review_allocation_activity_id_activity"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["user.id"],
            name=op.f("fk_peer_review_allocation_author_id_user"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"],
            ["user.id"],
            name=op.f("fk_peer_review_allocation_reviewer_id_user"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_peer_review_allocation_submission_id_submission"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["voided_by_id"],
            ["user.id"],
            name=op.f("fk_peer_review_allocation_voided_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["weighed_by_id"],
            ["user.id"],
            name=op.f("fk_peer_review_allocation_weighed_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_review_allocation")),
        sa.UniqueConstraint(
            "activity_id",
            "reviewer_id",
            "author_number",
            name=op.f(
                "uq_peer_review_allocation_activity_id_reviewer_id_author_number"
            ),
        ),
        sa.UniqueConstraint(
            "submission_id",
            "reviewer_id",
            name=op.f("uq_peer_review_allocation_submission_id_reviewer_id"),
        ),
        sa.UniqueConstraint(
            "submission_id",
            "reviewer_number",
            name=op.f("uq_peer_review_allocation_submission_id_reviewer_number"),
        ),
    )
    with op.batch_alter_table("peer_review_allocation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_peer_review_allocation_activity_id"),
            ["activity_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_peer_review_allocation_author_id"),
            ["author_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_peer_review_allocation_reviewer_id"),
            ["reviewer_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_peer_review_allocation_submission_id"),
            ["submission_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_peer_review_allocation_voided_by_id"),
            ["voided_by_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_peer_review_allocation_weighed_by_id"),
            ["weighed_by_id"],
            unique=False,
        )

    op.create_table(
        "peer_review_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("for_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_peer_review_run_activity_id_activity"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["user.id"],
            name=op.f("fk_peer_review_run_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_review_run")),
    )
    with op.batch_alter_table("peer_review_run", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_peer_review_run_activity_id"), ["activity_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_peer_review_run_by_id"), ["by_id"], unique=False
        )

    op.create_table(
        "peer_review_told",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_peer_review_told_activity_id_activity"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["user.id"],
            name=op.f("fk_peer_review_told_person_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_review_told")),
        sa.UniqueConstraint(
            "activity_id",
            "person_id",
            "key",
            name=op.f("uq_peer_review_told_activity_id_person_id_key"),
        ),
    )
    with op.batch_alter_table("peer_review_told", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_peer_review_told_activity_id"), ["activity_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_peer_review_told_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "peer_review_assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=True),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("score", sa.Numeric(precision=5, scale=4), nullable=True),
        sa.Column("submission_version", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["allocation_id"],
            ["peer_review_allocation.id"],
            name=op.f("fk_peer_review_assessment_allocation_id_peer_review_allocation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_review_assessment")),
        sa.UniqueConstraint(
            "allocation_id", name=op.f("uq_peer_review_assessment_allocation_id")
        ),
    )
    op.create_table(
        "peer_review_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("strategy", sa.String(length=16), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("score", sa.Numeric(precision=5, scale=4), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("submission_version", sa.Integer(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["peer_review_assessment.id"],
            name=op.f("fk_peer_review_version_assessment_id_peer_review_assessment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_review_version")),
        sa.UniqueConstraint(
            "assessment_id",
            "number",
            name=op.f("uq_peer_review_version_assessment_id_number"),
        ),
    )


def downgrade() -> None:
    op.drop_table("peer_review_version")
    op.drop_table("peer_review_assessment")
    with op.batch_alter_table("peer_review_told", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_peer_review_told_person_id"))
        batch_op.drop_index(batch_op.f("ix_peer_review_told_activity_id"))

    op.drop_table("peer_review_told")
    with op.batch_alter_table("peer_review_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_peer_review_run_by_id"))
        batch_op.drop_index(batch_op.f("ix_peer_review_run_activity_id"))

    op.drop_table("peer_review_run")
    with op.batch_alter_table("peer_review_allocation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_peer_review_allocation_weighed_by_id"))
        batch_op.drop_index(batch_op.f("ix_peer_review_allocation_voided_by_id"))
        batch_op.drop_index(batch_op.f("ix_peer_review_allocation_submission_id"))
        batch_op.drop_index(batch_op.f("ix_peer_review_allocation_reviewer_id"))
        batch_op.drop_index(batch_op.f("ix_peer_review_allocation_author_id"))
        batch_op.drop_index(batch_op.f("ix_peer_review_allocation_activity_id"))

    op.drop_table("peer_review_allocation")
