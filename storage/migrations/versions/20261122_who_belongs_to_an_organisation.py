"""Who takes part for an organisation, since when, whether it has been told, and who is not one of its own."""

import sqlalchemy as sa
from alembic import op

revision = "e612fc91d5b3"
down_revision = "eeccde0dd947"
branch_labels = None
depends_on = None

# Whoever was there before is not news to anybody, and stands before all who come from now on.
_THERE_ALREADY = """
    INSERT INTO newcomers (programme, organisation_key, person, since, told_at)
    SELECT programme, organisation_key, person, MIN(since), MIN(since) FROM (
        SELECT programme, organisation_key, made_by AS person, created_at AS since FROM registrations
        UNION ALL
        SELECT r.programme, r.organisation_key, s.person, COALESCE(s.held_since, r.created_at)
            FROM seats s JOIN registrations r ON r.id = s.registration
        UNION ALL
        SELECT programme, organisation_key, person, appointed_at FROM contacts
        UNION ALL
        SELECT g.programme, g.organisation_key, m.person, m.joined_at FROM members m JOIN groups g ON g.id = m."group"
    ) AS there
    WHERE organisation_key <> '' AND person IS NOT NULL AND person <> 'erased'
    GROUP BY programme, organisation_key, person"""


def upgrade() -> None:
    op.create_table(
        "newcomers",
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("organisation_key", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("denied_at", sa.BigInteger(), nullable=True),
        sa.Column("denied_by", sa.String(), nullable=True),
        sa.Column("vouched_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["denied_by"], ["people.id"], name=op.f("fk_newcomers_denied_by")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_newcomers_person")),
        sa.ForeignKeyConstraint(["programme"], ["programmes.id"], name=op.f("fk_newcomers_programme")),
        sa.PrimaryKeyConstraint("programme", "organisation_key", "person", name=op.f("pk_newcomers")),
    )
    with op.batch_alter_table("newcomers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_newcomers_person"), ["person"], unique=False)
        batch_op.create_index(
            "ix_newcomers_untold",
            ["programme"],
            unique=False,
            sqlite_where=sa.text("told_at IS NULL"),
            postgresql_where=sa.text("told_at IS NULL"),
        )
    op.execute(_THERE_ALREADY)


def downgrade() -> None:
    with op.batch_alter_table("newcomers", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_newcomers_untold",
            sqlite_where=sa.text("told_at IS NULL"),
            postgresql_where=sa.text("told_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_newcomers_person"))

    op.drop_table("newcomers")
