"""By what the database knows its folder of keys again."""

import sqlalchemy as sa
from alembic import op

revision = "7be20c94f1a8"
down_revision = "d41f7a93c05e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "key_folders",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_folders")),
    )


def downgrade() -> None:
    op.drop_table("key_folders")
