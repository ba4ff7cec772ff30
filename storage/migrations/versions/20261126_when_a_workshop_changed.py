"""When whoever leads a workshop did something last: one that nobody ends is asked about."""

import sqlalchemy as sa
from alembic import op

revision = "d41f7a93c05e"
down_revision = "b8e4f02a6d17"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("workshops", schema=None) as batch_op:
        batch_op.add_column(sa.Column("changed_at", sa.BIGINT(), nullable=True))
    op.execute("UPDATE workshops SET changed_at = begun_at")
    with op.batch_alter_table("workshops", schema=None) as batch_op:
        batch_op.alter_column("changed_at", existing_type=sa.BIGINT(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("workshops", schema=None) as batch_op:
        batch_op.drop_column("changed_at")
