"""How often a message was claimed: only its last claim may settle it."""

import sqlalchemy as sa
from alembic import op

revision = "72023e6c8a75"
down_revision = "0a32881ab19d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("claims", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("claims")
