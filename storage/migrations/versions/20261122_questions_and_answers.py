"""questions_and_answers."""

import sqlalchemy as sa
from alembic import op

revision = "b6ccfd446572"
down_revision = "3cce3878fa3b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "faq_entries",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(), server_default="", nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_entries")),
    )
    with op.batch_alter_table("faq_entries", schema=None) as batch_op:
        batch_op.create_index("ix_faq_entries_programme", ["programme"], unique=False)

    op.create_table(
        "faq_vectors",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_faq_vectors")),
    )
    op.create_table(
        "awaited",
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("material", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_awaited_person")),
        sa.ForeignKeyConstraint(["programme"], ["programmes.id"], name=op.f("fk_awaited_programme")),
        sa.PrimaryKeyConstraint("programme", "material", "person", name=op.f("pk_awaited")),
    )
    with op.batch_alter_table("awaited", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_awaited_person"), ["person"], unique=False)

    op.create_table(
        "faq_history",
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("change", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_faq_history_by")),
        sa.ForeignKeyConstraint(["entry"], ["faq_entries.id"], name=op.f("fk_faq_history_entry")),
        sa.PrimaryKeyConstraint("entry", "version", name=op.f("pk_faq_history")),
    )
    op.create_table(
        "faq_phrasings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["entry"], ["faq_entries.id"], name=op.f("fk_faq_phrasings_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_phrasings")),
        sa.UniqueConstraint("entry", "text", name=op.f("uq_faq_phrasings_entry_text")),
    )
    op.create_table(
        "misses",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), server_default="", nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("entry", sa.String(), server_default="", nullable=False),
        sa.Column("agenda", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["people.id"], name=op.f("fk_misses_answered_by")),
        sa.ForeignKeyConstraint(["owner"], ["people.id"], name=op.f("fk_misses_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_misses")),
    )
    with op.batch_alter_table("misses", schema=None) as batch_op:
        batch_op.create_index(
            "ix_misses_open",
            ["opened_at"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.create_index(batch_op.f("ix_misses_owner"), ["owner"], unique=False)

    op.create_table(
        "inquiries",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("entry", sa.String(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("miss", sa.String(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["miss"], ["misses.id"], name=op.f("fk_inquiries_miss")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiries")),
    )
    with op.batch_alter_table("inquiries", schema=None) as batch_op:
        batch_op.create_index("ix_inquiries_entry", ["entry", "helped"], unique=False)
        batch_op.create_index(batch_op.f("ix_inquiries_miss"), ["miss"], unique=False)

    op.create_table(
        "askers",
        sa.Column("inquiry", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["inquiry"], ["inquiries.id"], name=op.f("fk_askers_inquiry")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_askers_person")),
        sa.PrimaryKeyConstraint("inquiry", name=op.f("pk_askers")),
    )
    with op.batch_alter_table("askers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_askers_person"), ["person"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("askers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_askers_person"))

    op.drop_table("askers")
    with op.batch_alter_table("inquiries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inquiries_miss"))
        batch_op.drop_index("ix_inquiries_entry")

    op.drop_table("inquiries")
    with op.batch_alter_table("misses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_misses_owner"))
        batch_op.drop_index(
            "ix_misses_open", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )

    op.drop_table("misses")
    op.drop_table("faq_phrasings")
    op.drop_table("faq_history")
    with op.batch_alter_table("awaited", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_awaited_person"))

    op.drop_table("awaited")
    op.drop_table("faq_vectors")
    with op.batch_alter_table("faq_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_faq_entries_programme")

    op.drop_table("faq_entries")
