"""Workshops and coaches; contacts who answer; questions handed over; held replies; who changed a plan row last."""

import sqlalchemy as sa
from alembic import op

revision = "eeccde0dd947"
down_revision = "86810bfe3bf9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answerers",
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("appointed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_answerers_person")),
        sa.ForeignKeyConstraint(["programme"], ["programmes.id"], name=op.f("fk_answerers_programme")),
        sa.PrimaryKeyConstraint("programme", "contact", "person", name=op.f("pk_answerers")),
    )
    with op.batch_alter_table("answerers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answerers_person"), ["person"], unique=False)

    op.create_table(
        "coaches",
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("organisation_key", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("appointed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_coaches_person")),
        sa.ForeignKeyConstraint(["programme"], ["programmes.id"], name=op.f("fk_coaches_programme")),
        sa.PrimaryKeyConstraint("programme", "organisation_key", "person", name=op.f("pk_coaches")),
    )
    with op.batch_alter_table("coaches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coaches_person"), ["person"], unique=False)

    op.create_table(
        "workshops",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("organisation_key", sa.String(), server_default="", nullable=False),
        sa.Column("script", sa.Text(), nullable=False),
        sa.Column("begun_by", sa.String(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("left", sa.Integer(), nullable=True),
        sa.Column("told", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["begun_by"], ["people.id"], name=op.f("fk_workshops_begun_by")),
        sa.ForeignKeyConstraint(["programme"], ["programmes.id"], name=op.f("fk_workshops_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshops")),
    )
    with op.batch_alter_table("workshops", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workshops_begun_by"), ["begun_by"], unique=False)
        batch_op.create_index("ix_workshops_programme", ["programme", "begun_at"], unique=False)
        batch_op.create_index(
            "ix_workshops_running",
            ["ends_at"],
            unique=False,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )

    op.create_table(
        "handovers",
        sa.Column("miss", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("handed_at", sa.BigInteger(), nullable=False),
        sa.Column("over", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.ForeignKeyConstraint(["miss"], ["misses.id"], name=op.f("fk_handovers_miss")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_handovers_person")),
        sa.PrimaryKeyConstraint("miss", "person", name=op.f("pk_handovers")),
    )
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handovers_person"), ["person"], unique=False)

    op.create_table(
        "workshop_rounds",
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("workshop", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_workshop_rounds_round")),
        sa.ForeignKeyConstraint(["workshop"], ["workshops.id"], name=op.f("fk_workshop_rounds_workshop")),
        sa.PrimaryKeyConstraint("round", name=op.f("pk_workshop_rounds")),
    )
    with op.batch_alter_table("workshop_rounds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workshop_rounds_workshop"), ["workshop"], unique=False)

    op.create_table(
        "held_replies",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("box", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["answer"], ["answers.id"], name=op.f("fk_held_replies_answer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_replies")),
    )
    with op.batch_alter_table("held_replies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_held_replies_answer"), ["answer"], unique=False)

    with op.batch_alter_table("addresses", schema=None) as batch_op:
        batch_op.drop_column("gone_at")

    with op.batch_alter_table("plan_rows", schema=None) as batch_op:
        batch_op.add_column(sa.Column("changed_by", sa.String(), nullable=True))
        batch_op.create_index(batch_op.f("ix_plan_rows_changed_by"), ["changed_by"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_plan_rows_changed_by"), "people", ["changed_by"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("plan_rows", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_plan_rows_changed_by"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_plan_rows_changed_by"))
        batch_op.drop_column("changed_by")

    with op.batch_alter_table("addresses", schema=None) as batch_op:
        batch_op.add_column(sa.Column("gone_at", sa.BIGINT(), nullable=True))

    with op.batch_alter_table("held_replies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_held_replies_answer"))

    op.drop_table("held_replies")
    with op.batch_alter_table("workshop_rounds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workshop_rounds_workshop"))

    op.drop_table("workshop_rounds")
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handovers_person"))

    op.drop_table("handovers")
    with op.batch_alter_table("workshops", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_workshops_running",
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )
        batch_op.drop_index("ix_workshops_programme")
        batch_op.drop_index(batch_op.f("ix_workshops_begun_by"))

    op.drop_table("workshops")
    with op.batch_alter_table("coaches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coaches_person"))

    op.drop_table("coaches")
    with op.batch_alter_table("answerers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answerers_person"))

    op.drop_table("answerers")
