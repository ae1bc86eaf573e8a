"""A workshop may follow another one: what is to be done after the training.

A migration imports nothing from the code base: it must mean the same for ever.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; no workshop there is follows another."""
    with op.batch_alter_table("workshop") as table:
        table.add_column(sa.Column("follows_id", sa.Integer(), nullable=True))
        table.create_index("ix_workshop_follows_id", ["follows_id"])
        table.create_foreign_key(
            op.f("fk_workshop_follows_id_workshop"), "workshop", ["follows_id"], ["id"]
        )


def downgrade() -> None:
    """Forget what followed what."""
    with op.batch_alter_table("workshop") as table:
        table.drop_constraint(
            op.f("fk_workshop_follows_id_workshop"), type_="foreignkey"
        )
        table.drop_index("ix_workshop_follows_id")
        table.drop_column("follows_id")
