"""Whose seat it was that went back to the organisation: it is theirs again when they come back in time."""

import sqlalchemy as sa
from alembic import op

revision = "b8e4f02a6d17"
down_revision = "5c1d7e20b9f4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("seats", schema=None) as batch_op:
        batch_op.add_column(sa.Column("left_by", sa.String(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_seats_left_by"), "people", ["left_by"], ["id"])
        batch_op.create_index(
            "ix_seats_left_by",
            ["left_by"],
            unique=False,
            sqlite_where=sa.text("left_by IS NOT NULL"),
            postgresql_where=sa.text("left_by IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("seats", schema=None) as batch_op:
        batch_op.drop_index("ix_seats_left_by")
        batch_op.drop_constraint(batch_op.f("fk_seats_left_by"), type_="foreignkey")
        batch_op.drop_column("left_by")
