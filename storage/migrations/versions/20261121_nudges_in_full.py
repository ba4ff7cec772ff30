"""nudges in full."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "fd9d646b629e"
down_revision = "44c219a04262"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feeds",
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_feeds")),
    )
    op.create_table(
        "matters",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("view", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("escalated_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matters")),
        sa.UniqueConstraint("key", name=op.f("uq_matters_key")),
    )
    with op.batch_alter_table("matters", schema=None) as batch_op:
        batch_op.create_index(
            "ix_matters_open",
            ["opened_at"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "bindings",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("name", sa.String(), server_default="", nullable=False),
        sa.Column("threads", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("bound_by", sa.String(), nullable=False),
        sa.Column("bound_at", sa.BigInteger(), nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=True),
        sa.Column("trouble", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["bound_by"], ["people.id"], name=op.f("fk_bindings_bound_by")),
        sa.ForeignKeyConstraint(["programme"], ["programmes.id"], name=op.f("fk_bindings_programme")),
        sa.PrimaryKeyConstraint("platform", "workspace", "conversation", "programme", name=op.f("pk_bindings")),
    )
    op.create_table(
        "changes",
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("settles_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["programme"], ["programmes.id"], name=op.f("fk_changes_programme")),
        sa.PrimaryKeyConstraint("programme", "occasion", name=op.f("pk_changes")),
    )
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.create_index("ix_changes_settles_at", ["settles_at"], unique=False)

    op.create_table(
        "wishes",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("paused_until", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_wishes_person")),
        sa.PrimaryKeyConstraint("person", "programme", name=op.f("pk_wishes")),
    )
    with op.batch_alter_table("actors", schema=None) as batch_op:
        batch_op.add_column(sa.Column("blocked_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("blocked_reason", sa.String(), server_default="", nullable=False))

    with op.batch_alter_table("seats", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_since", sa.BigInteger(), nullable=True))
    op.execute("UPDATE seats SET held_since = changed_at WHERE state = 'confirmed'")
    _widen_nudges()
    with op.batch_alter_table("occasions", schema=None) as batch_op:
        batch_op.drop_column("version")

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("thread", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("bulk", sa.Boolean(), server_default=sa.text("(false)"), nullable=False))
        batch_op.create_index("ix_outbox_person", ["person", "created_at"], unique=False)
        batch_op.drop_index("ix_outbox_due")
    _index_outbox()
    op.create_table(
        "lanes",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), server_default="", nullable=False),
        sa.Column("held_until", sa.BigInteger(), nullable=False),
        sa.Column("quiet_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "workspace", name=op.f("pk_lanes")),
    )

    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("platform", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("digest_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("away_until", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("deputy", sa.String(), server_default="", nullable=False))

        batch_op.create_index(
            "ix_people_appointed",
            ["deputy"],
            sqlite_where=sa.text("role <> 'participant'"),
            postgresql_where=sa.text("role <> 'participant'"),
        )
        batch_op.create_index(
            "ix_people_away_until",
            ["away_until"],
            sqlite_where=sa.text("away_until IS NOT NULL"),
            postgresql_where=sa.text("away_until IS NOT NULL"),
        )

    op.create_table(
        "tellings",
        sa.Column("matter", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["matter"], ["matters.id"], name=op.f("fk_tellings_matter")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_tellings_person")),
        sa.PrimaryKeyConstraint("matter", "person", name=op.f("pk_tellings")),
    )
    op.create_index("ix_tellings_message", "tellings", ["message"])
    op.create_table(
        "contacts",
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("organisation_key", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("appointed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_contacts_person")),
        sa.ForeignKeyConstraint(["programme"], ["programmes.id"], name=op.f("fk_contacts_programme")),
        sa.PrimaryKeyConstraint("programme", "organisation_key", "person", name=op.f("pk_contacts")),
    )
    op.create_index("ix_contacts_person", "contacts", ["person"])

    with op.batch_alter_table("programmes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("planned", sa.Boolean(), server_default=sa.text("(false)"), nullable=False))

    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("overtaken", sa.Boolean(), server_default=sa.text("(false)"), nullable=False))


def _index_outbox() -> None:
    undecided, settled = sa.text("state IN ('waiting', 'sending')"), sa.text("state IN ('sent', 'failed')")
    conversation = ["platform", "workspace", "surface", "conversation", "created_at", "place"]
    for name, columns, where in (
        ("ix_outbox_due", ["platform", "workspace", "bulk", "due_at"], undecided),
        ("ix_outbox_conversation", conversation, sa.text("sent_at IS NULL")),
        ("ix_outbox_settled", ["created_at"], settled),
        ("ix_outbox_reason", ["state", "platform", "reason"], sa.text("reason <> ''")),
    ):
        op.create_index(name, "outbox", columns, sqlite_where=where, postgresql_where=where)


def _widen_nudges() -> None:
    """Rows that were planned for a person stay as they are; from now on they know what they are relative to."""
    op.execute(
        "DELETE FROM nudges WHERE NOT EXISTS (SELECT 1 FROM occasions WHERE occasions.programme = nudges.programme"
        " AND occasions.id = nudges.occasion AND occasions.version = nudges.version)"
    )
    with op.batch_alter_table("nudges", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("audience", sa.String(), nullable=False, server_default="participants"))
        batch_op.add_column(sa.Column("anchor", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("message", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("snoozed", sa.Integer(), server_default="0", nullable=False))
    op.execute(
        "UPDATE nudges SET about = occasion, anchor = (SELECT starts_at FROM occasions"
        " WHERE occasions.programme = nudges.programme AND occasions.id = nudges.occasion)"
    )
    op.execute("UPDATE nudges SET message = 'nudge:' || id WHERE state = 'sent'")
    with op.batch_alter_table("nudges", schema=None) as batch_op:
        batch_op.alter_column("about", server_default=None)
        batch_op.alter_column("audience", server_default=None)
        batch_op.alter_column("anchor", server_default=None)
        batch_op.drop_constraint("uq_nudges_rule_programme_occasion_recipient_version", type_="unique")
        batch_op.drop_column("occasion")
        batch_op.drop_column("version")
        batch_op.create_index("ix_nudges_programme", ["programme", "state", "settled_at"], unique=False)
        batch_op.create_index("ix_nudges_recipient", ["recipient", "due_at"], unique=False)
        batch_op.create_index(
            "ix_nudges_channels",
            ["settled_at"],
            sqlite_where=sa.text("audience = 'channels'"),
            postgresql_where=sa.text("audience = 'channels'"),
        )
        batch_op.create_unique_constraint(
            "uq_nudges_rule_programme_about_audience_recipient_anchor",
            ["rule", "programme", "about", "audience", "recipient", "anchor"],
        )
    # What was due before this version is not made up for: only what lies ahead is planned.
    now = int(datetime.now(UTC).timestamp() * 1_000_000)  # noqa: TID251 - an upgrade happens in real time
    op.execute(f"UPDATE programmes SET loaded_at = {now}")  # noqa: S608 - a number of ours


def downgrade() -> None:
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.drop_column("overtaken")
    with op.batch_alter_table("programmes", schema=None) as batch_op:
        batch_op.drop_column("planned")
    op.drop_table("contacts")
    op.drop_table("tellings")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index("ix_people_away_until")
        batch_op.drop_index("ix_people_appointed")
        for column in ("deputy", "away_until", "digest_at", "platform"):
            batch_op.drop_column(column)
    for name in ("ix_outbox_reason", "ix_outbox_settled", "ix_outbox_conversation", "ix_outbox_due"):
        op.drop_index(name, "outbox")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_person")
        batch_op.drop_column("bulk")
        batch_op.drop_column("thread")
    undecided = sa.text("state IN ('waiting', 'sending')")
    op.create_index("ix_outbox_due", "outbox", ["due_at"], sqlite_where=undecided, postgresql_where=undecided)
    with op.batch_alter_table("occasions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    _narrow_nudges()
    with op.batch_alter_table("seats", schema=None) as batch_op:
        batch_op.drop_column("held_since")
    with op.batch_alter_table("actors", schema=None) as batch_op:
        batch_op.drop_column("blocked_reason")
        batch_op.drop_column("blocked_at")
    for table in ("wishes", "changes", "bindings", "matters", "feeds", "lanes"):
        op.drop_table(table)


def _narrow_nudges() -> None:
    """The schedule is planned anew by the older version."""
    op.execute("DELETE FROM nudges")
    with op.batch_alter_table("nudges", schema=None) as batch_op:
        batch_op.drop_constraint("uq_nudges_rule_programme_about_audience_recipient_anchor", type_="unique")
        batch_op.drop_index("ix_nudges_channels")
        batch_op.drop_index("ix_nudges_recipient")
        batch_op.drop_index("ix_nudges_programme")
        for column in ("snoozed", "message", "anchor", "audience", "about"):
            batch_op.drop_column(column)
        batch_op.add_column(sa.Column("occasion", sa.String(), nullable=False))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False))
        batch_op.create_unique_constraint(
            "uq_nudges_rule_programme_occasion_recipient_version",
            ["rule", "programme", "occasion", "recipient", "version"],
        )
