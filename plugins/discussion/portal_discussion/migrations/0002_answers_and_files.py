"""Which post a reply answers, and the pictures and files of a post.

A migration imports nothing from the code base: it must mean the same for ever.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("discussion_post", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answers", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("files", sa.JSON(), nullable=False, server_default="[]")
        )
    with op.batch_alter_table("discussion_post", schema=None) as batch_op:
        batch_op.alter_column("files", existing_type=sa.JSON(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("discussion_post", schema=None) as batch_op:
        batch_op.drop_column("files")
        batch_op.drop_column("answers")
