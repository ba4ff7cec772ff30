"""Indexes for what is looked at every minute: forms, plans, questions, and what coordinators have seen to."""

import sqlalchemy as sa
from alembic import op

revision = "0a32881ab19d"
down_revision = "e612fc91d5b3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("inquiries", schema=None) as batch_op:
        batch_op.create_index("ix_inquiries_programme", ["programme", "asked_at"], unique=False)

    with op.batch_alter_table("matters", schema=None) as batch_op:
        batch_op.create_index(
            "ix_matters_closed",
            ["closed_at"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NOT NULL"),
            postgresql_where=sa.text("closed_at IS NOT NULL"),
        )

    with op.batch_alter_table("misses", schema=None) as batch_op:
        batch_op.create_index("ix_misses_programme", ["programme", "opened_at"], unique=False)

    with op.batch_alter_table("plan_rows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_rows_due"), ["due"], unique=False)

    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_runs_created_at"), ["created_at"], unique=False)

    with op.batch_alter_table("tellings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tellings_person"), ["person"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("tellings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tellings_person"))

    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_runs_created_at"))

    with op.batch_alter_table("plan_rows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_rows_due"))

    with op.batch_alter_table("misses", schema=None) as batch_op:
        batch_op.drop_index("ix_misses_programme")

    with op.batch_alter_table("matters", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_matters_closed",
            sqlite_where=sa.text("closed_at IS NOT NULL"),
            postgresql_where=sa.text("closed_at IS NOT NULL"),
        )

    with op.batch_alter_table("inquiries", schema=None) as batch_op:
        batch_op.drop_index("ix_inquiries_programme")
