"""What giving up a seat cost, as it was said: neither a moved meeting nor new prices change it."""

import sqlalchemy as sa
from alembic import op

revision = "5c1d7e20b9f4"
down_revision = "72023e6c8a75"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("seats", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fee", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("seats", schema=None) as batch_op:
        batch_op.drop_column("fee")
