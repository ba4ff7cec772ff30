"""rounds and boards."""

import sqlalchemy as sa
from alembic import op

revision = "3cce3878fa3b"
down_revision = "fd9d646b629e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "links",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
    )
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.create_index("ix_links_kind_about", ["kind", "about"], unique=False)

    op.create_table(
        "mails",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("key", name=op.f("uq_mails_key")),
    )
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.create_index(
            "ix_mails_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "groups",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("organisation_key", sa.String(), server_default="", nullable=False),
        sa.Column("platform", sa.String(), server_default="", nullable=False),
        sa.Column("workspace", sa.String(), server_default="", nullable=False),
        sa.Column("conversation", sa.String(), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["programme"], ["programmes.id"], name=op.f("fk_groups_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint("programme", "role", "name", name=op.f("uq_groups_programme_role_name")),
    )
    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.create_index("ix_groups_channel", ["platform", "workspace", "conversation"], unique=False)

    op.create_table(
        "plan_rows",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("organisation_key", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("before", sa.String(), server_default="", nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("progress", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("deputy", sa.String(), server_default="", nullable=False),
        sa.Column("group", sa.String(), server_default="", nullable=False),
        sa.Column("answer", sa.String(), server_default="", nullable=False),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["people.id"], name=op.f("fk_plan_rows_owner")),
        sa.ForeignKeyConstraint(["programme"], ["programmes.id"], name=op.f("fk_plan_rows_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_rows")),
    )
    with op.batch_alter_table("plan_rows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_rows_owner"), ["owner"], unique=False)
        batch_op.create_index(
            "ix_plan_rows_programme_organisation_key", ["programme", "organisation_key"], unique=False
        )

    op.create_table(
        "rounds",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opens_at", sa.BigInteger(), nullable=False),
        sa.Column("closes_at", sa.BigInteger(), nullable=True),
        sa.Column("undo_until", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("posted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("posted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["programme"], ["programmes.id"], name=op.f("fk_rounds_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.create_index("ix_rounds_programme", ["programme", "opens_at"], unique=False)
        batch_op.create_index(
            "ix_rounds_running",
            ["opens_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('planned', 'open')"),
            postgresql_where=sa.text("state IN ('planned', 'open')"),
        )

    op.create_table(
        "rulings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("ruled_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_rulings_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulings")),
    )
    with op.batch_alter_table("rulings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rulings_answer"), ["answer"], unique=False)

    op.create_table(
        "answers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("box", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("group", sa.String(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_answers_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.create_index("ix_answers_round", ["round", "place"], unique=False)

    op.create_table(
        "drafts",
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["group"], ["groups.id"], name=op.f("fk_drafts_group")),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_drafts_round")),
        sa.PrimaryKeyConstraint("round", "group", name=op.f("pk_drafts")),
    )
    op.create_table(
        "members",
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["group"], ["groups.id"], name=op.f("fk_members_group")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_members_person")),
        sa.PrimaryKeyConstraint("group", "person", name=op.f("pk_members")),
    )
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_members_person"), ["person"], unique=False)

    op.create_table(
        "note_takers",
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["group"], ["groups.id"], name=op.f("fk_note_takers_group")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_note_takers_person")),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_note_takers_round")),
        sa.PrimaryKeyConstraint("round", "group", name=op.f("pk_note_takers")),
    )
    op.create_table(
        "urns",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("box", sa.String(), nullable=False),
        sa.Column("emptied_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_urns_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urns")),
    )
    with op.batch_alter_table("urns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_urns_round"), ["round"], unique=False)

    op.create_table(
        "replies",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("box", sa.String(), server_default="", nullable=False),
        sa.Column("accepted", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["answer"], ["answers.id"], name=op.f("fk_replies_answer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replies")),
        sa.UniqueConstraint("answer", "box", name=op.f("uq_replies_answer_box")),
    )
    op.create_table(
        "sealed",
        sa.Column("urn", sa.String(), nullable=False),
        sa.Column("marker", sa.LargeBinary(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["urn"], ["urns.id"], name=op.f("fk_sealed_urn")),
        sa.PrimaryKeyConstraint("urn", "marker", name=op.f("pk_sealed")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "votes",
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("voter", sa.LargeBinary(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["answer"], ["answers.id"], name=op.f("fk_votes_answer")),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_votes_round")),
        sa.PrimaryKeyConstraint("answer", "voter", name=op.f("pk_votes")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("votes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_votes_round"), ["round"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("votes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_votes_round"))

    op.drop_table("votes")
    op.drop_table("sealed")
    op.drop_table("replies")
    with op.batch_alter_table("urns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_urns_round"))

    op.drop_table("urns")
    op.drop_table("note_takers")
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_members_person"))

    op.drop_table("members")
    op.drop_table("drafts")
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.drop_index("ix_answers_round")

    op.drop_table("answers")
    with op.batch_alter_table("rulings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rulings_answer"))

    op.drop_table("rulings")
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_rounds_running",
            sqlite_where=sa.text("state IN ('planned', 'open')"),
            postgresql_where=sa.text("state IN ('planned', 'open')"),
        )
        batch_op.drop_index("ix_rounds_programme")

    op.drop_table("rounds")
    with op.batch_alter_table("plan_rows", schema=None) as batch_op:
        batch_op.drop_index("ix_plan_rows_programme_organisation_key")
        batch_op.drop_index(batch_op.f("ix_plan_rows_owner"))

    op.drop_table("plan_rows")
    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.drop_index("ix_groups_channel")

    op.drop_table("groups")
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_mails_due", sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'")
        )

    op.drop_table("mails")
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.drop_index("ix_links_kind_about")

    op.drop_table("links")
