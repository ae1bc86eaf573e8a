"""The subtitles of a video.

A migration imports nothing from the code base: it must mean the same for ever.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("material_item", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("subtitles", sa.Text(), nullable=False, server_default="")
        )
    with op.batch_alter_table("material_item", schema=None) as batch_op:
        batch_op.alter_column("subtitles", existing_type=sa.Text(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("material_item", schema=None) as batch_op:
        batch_op.drop_column("subtitles")
