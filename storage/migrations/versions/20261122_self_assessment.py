"""self_assessment."""

import sqlalchemy as sa
from alembic import op

revision = "86810bfe3bf9"
down_revision = "b6ccfd446572"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "challenge_viewers",
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("viewer", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_challenge_viewers_person")),
        sa.ForeignKeyConstraint(["programme"], ["programmes.id"], name=op.f("fk_challenge_viewers_programme")),
        sa.ForeignKeyConstraint(["viewer"], ["people.id"], name=op.f("fk_challenge_viewers_viewer")),
        sa.PrimaryKeyConstraint("programme", "person", "viewer", name=op.f("pk_challenge_viewers")),
    )
    with op.batch_alter_table("challenge_viewers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_challenge_viewers_viewer"), ["viewer"], unique=False)

    op.create_table(
        "challenges",
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("visibility", sa.String(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_challenges_person")),
        sa.ForeignKeyConstraint(["programme"], ["programmes.id"], name=op.f("fk_challenges_programme")),
        sa.PrimaryKeyConstraint("programme", "person", "version", name=op.f("pk_challenges")),
    )
    with op.batch_alter_table("challenges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_challenges_person"), ["person"], unique=False)

    op.create_table(
        "reflections",
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_reflections_person")),
        sa.ForeignKeyConstraint(["programme"], ["programmes.id"], name=op.f("fk_reflections_programme")),
        sa.PrimaryKeyConstraint("programme", "person", "occasion", name=op.f("pk_reflections")),
    )
    with op.batch_alter_table("reflections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reflections_person"), ["person"], unique=False)

    op.create_table(
        "sparring",
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("partner", sa.String(), nullable=True),
        sa.Column("wished_at", sa.BigInteger(), nullable=False),
        sa.Column("proposal", sa.String(), server_default="", nullable=False),
        sa.Column("agreed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["partner"], ["people.id"], name=op.f("fk_sparring_partner")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_sparring_person")),
        sa.ForeignKeyConstraint(["programme"], ["programmes.id"], name=op.f("fk_sparring_programme")),
        sa.PrimaryKeyConstraint("programme", "person", name=op.f("pk_sparring")),
    )
    with op.batch_alter_table("sparring", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sparring_partner"), ["partner"], unique=False)

    op.create_table(
        "tallies",
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("box", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_tallies_round")),
        sa.PrimaryKeyConstraint("round", "box", "question", "value", name=op.f("pk_tallies")),
    )


def downgrade() -> None:
    op.drop_table("tallies")
    with op.batch_alter_table("sparring", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sparring_partner"))

    op.drop_table("sparring")
    with op.batch_alter_table("reflections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reflections_person"))

    op.drop_table("reflections")
    with op.batch_alter_table("challenges", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_challenges_person"))

    op.drop_table("challenges")
    with op.batch_alter_table("challenge_viewers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_challenge_viewers_viewer"))

    op.drop_table("challenge_viewers")
