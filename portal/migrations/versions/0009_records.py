"""Sheets of records, what schools did, and the scheme that scores a project's schools.

A migration imports nothing from the code base: it must mean the same for ever.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "school_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=240), nullable=False),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_school_record_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
            name=op.f("fk_school_record_project_id_project"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_school_record_tenant_id_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_record")),
        sa.UniqueConstraint(
            "project_id",
            "organisation_id",
            "key",
            "revision",
            name=op.f("uq_school_record_project_id_organisation_id_key_revision"),
        ),
    )
    with op.batch_alter_table("school_record", schema=None) as batch_op:
        batch_op.create_index(
            "ix_school_record_organisation_id", ["organisation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_school_record_tenant_id"), ["tenant_id"], unique=False
        )

    op.create_table(
        "school_scoring",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("scheme_version_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
            name=op.f("fk_school_scoring_project_id_project"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["scheme_version_id"],
            ["scheme_version.id"],
            name=op.f("fk_school_scoring_scheme_version_id_scheme_version"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_school_scoring_tenant_id_tenant"),
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_school_scoring")),
    )
    with op.batch_alter_table("school_scoring", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_school_scoring_scheme_version_id"),
            ["scheme_version_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_school_scoring_tenant_id"), ["tenant_id"], unique=False
        )

    op.create_table(
        "record_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(activity_id IS NULL) <> (project_id IS NULL)",
            name=op.f("ck_record_import_of_one_place"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_record_import_activity_id_activity"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["user.id"],
            name=op.f("fk_record_import_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["stored_file.id"],
            name=op.f("fk_record_import_file_id_stored_file"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
            name=op.f("fk_record_import_project_id_project"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["taken_back_by_id"],
            ["user.id"],
            name=op.f("fk_record_import_taken_back_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_record_import_tenant_id_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_import")),
    )
    with op.batch_alter_table("record_import", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_record_import_activity_id"), ["activity_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_record_import_by_id"), ["by_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_record_import_file_id"), ["file_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_record_import_project_id"), ["project_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_record_import_taken_back_by_id"),
            ["taken_back_by_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_record_import_tenant_id"), ["tenant_id"], unique=False
        )


def downgrade() -> None:
    """Forget them, and with them what was imported."""
    with op.batch_alter_table("record_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_import_tenant_id"))
        batch_op.drop_index(batch_op.f("ix_record_import_taken_back_by_id"))
        batch_op.drop_index(batch_op.f("ix_record_import_project_id"))
        batch_op.drop_index(batch_op.f("ix_record_import_file_id"))
        batch_op.drop_index(batch_op.f("ix_record_import_by_id"))
        batch_op.drop_index(batch_op.f("ix_record_import_activity_id"))

    op.drop_table("record_import")
    with op.batch_alter_table("school_scoring", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_scoring_tenant_id"))
        batch_op.drop_index(batch_op.f("ix_school_scoring_scheme_version_id"))

    op.drop_table("school_scoring")
    with op.batch_alter_table("school_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_record_tenant_id"))
        batch_op.drop_index("ix_school_record_organisation_id")

    op.drop_table("school_record")
