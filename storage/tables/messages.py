"""What comes in and what goes out: events, forms, reminders, messages, mail, and what coordinators see to."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.tables.ground import actor_columns, metadata, partial_index
from storage.types import Instant

runs = Table(
    "runs",
    metadata,
    Column("id", String, primary_key=True),
    *actor_columns(),
    Column("flow", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("about", String, nullable=False),
    Column("step", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("done", Boolean, nullable=False, server_default=text("false")),
    Column("reminded", Boolean, nullable=False, server_default=text("false")),  # of having been left lying
    Column("overtaken", Boolean, nullable=False, server_default=text("false")),  # the programme changed meanwhile
    Column("created_at", Instant, nullable=False, index=True),  # never changes, so that saving a run costs no more
    Column("updated_at", Instant, nullable=False),
    partial_index("uq_runs_open", "platform", "workspace", "user", "flow", "about", unique=True, where="NOT done"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("platform", String, nullable=False),
    Column("workspace", String, nullable=False),
    Column("delivery", String, nullable=False),
    Column("reply", Text, nullable=False),  # the answer, to be given again to the same delivery
    Column("received_at", Instant, nullable=False, index=True),
    PrimaryKeyConstraint("platform", "workspace", "delivery"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", String, primary_key=True),
    Column("key", String, nullable=False),  # what makes this message one and the same
    Column("platform", String, nullable=False),
    Column("workspace", String, nullable=False),
    Column("surface", String, nullable=False),
    Column("conversation", String, nullable=False),
    Column("person", String, nullable=False, server_default=""),
    Column("language", String, nullable=False),
    Column("view", Text, nullable=False),
    Column("replaces", String, nullable=False, server_default=""),  # key of the message to edit
    Column("thread", String, nullable=False, server_default=""),  # key of the message to write under
    Column("state", String, nullable=False),  # waiting, sending, sent, failed
    Column("bulk", Boolean, nullable=False, server_default=text("false")),  # one of many: answers overtake it
    Column("due_at", Instant, nullable=False),  # when it may next be taken
    Column("place", Integer, nullable=False, server_default="0"),  # order within the turn that wrote it
    Column("claims", Integer, nullable=False, server_default="0"),  # only the last one may settle it
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("claimed_until", Instant),  # until then nothing else goes to its conversation
    Column("uncertain", Boolean, nullable=False, server_default=text("false")),  # an earlier try may have arrived
    Column("reference", String, nullable=False, server_default=""),  # the platform's own, to edit it by
    Column("reason", String, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    UniqueConstraint("key"),
    Index("ix_outbox_person", "person", "created_at"),
    partial_index("ix_outbox_due", "platform", "workspace", "bulk", "due_at", where="state IN ('waiting', 'sending')"),
    partial_index(
        "ix_outbox_conversation",
        "platform",
        "workspace",
        "surface",
        "conversation",
        "created_at",
        "place",
        where="sent_at IS NULL",  # not the words of ix_outbox_due: each query may use one of the two only
    ),
    partial_index("ix_outbox_settled", "created_at", where="state IN ('sent', 'failed')"),
    partial_index("ix_outbox_reason", "state", "platform", "reason", where="reason <> ''"),
)

lanes = Table(
    "lanes",
    metadata,
    Column("platform", String, nullable=False),
    Column("workspace", String, nullable=False),
    Column("holder", String, nullable=False, server_default=""),  # the courier that delivers here now
    Column("held_until", Instant, nullable=False),
    Column("quiet_until", Instant, nullable=False),  # the platform asked for it: nobody calls before
    PrimaryKeyConstraint("platform", "workspace"),
)

nudges = Table(
    "nudges",
    metadata,
    Column("id", String, primary_key=True),
    Column("rule", String, nullable=False),
    Column("programme", String, nullable=False),
    Column("about", String, nullable=False),  # id of the occasion, or of the programme's own date
    Column("audience", String, nullable=False),
    Column(
        "recipient", String, nullable=False
    ),  # person id, channel, or nothing: the whole audience, not yet looked up
    Column("anchor", Instant, nullable=False),  # what it is relative to; another one since means that it has moved
    Column("due_at", Instant, nullable=False),
    Column("state", String, nullable=False),  # planned, sent, dropped, missed, fanned
    Column("reason", String, nullable=False, server_default=""),
    Column("message", String, nullable=False, server_default=""),  # key of the outbox row that carries it
    Column("snoozed", Integer, nullable=False, server_default="0"),  # times
    Column("settled_at", Instant),
    UniqueConstraint("rule", "programme", "about", "audience", "recipient", "anchor"),
    partial_index("ix_nudges_due", "due_at", where="state = 'planned'"),
    Index("ix_nudges_recipient", "recipient", "due_at"),
    partial_index("ix_nudges_channels", "settled_at", where="audience = 'channels'"),
    Index("ix_nudges_programme", "programme", "state", "settled_at"),
)

matters = Table(
    "matters",
    metadata,
    Column("id", String, primary_key=True),
    Column("key", String, nullable=False),  # what makes this matter one and the same
    Column("programme", String, nullable=False),  # or nothing: of no programme in particular
    Column("kind", String, nullable=False),
    Column("view", Text, nullable=False),  # the card that says what it is and what to do, as JSON
    Column("opened_at", Instant, nullable=False),
    Column("escalated_at", Instant),
    Column("closed_at", Instant),
    UniqueConstraint("key"),
    partial_index("ix_matters_open", "opened_at", where="closed_at IS NULL"),
    partial_index("ix_matters_closed", "closed_at", where="closed_at IS NOT NULL"),
)

tellings = Table(
    "tellings",
    metadata,
    Column("matter", ForeignKey("matters.id"), nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("message", String, nullable=False, index=True),  # key of the outbox row that carries it
    Column("told_at", Instant, nullable=False),
    PrimaryKeyConstraint("matter", "person"),
)

mails = Table(
    "mails",
    metadata,
    Column("id", String, primary_key=True),
    Column("key", String, nullable=False),  # what makes this mail one and the same
    Column("programme", String, nullable=False),
    Column("recipient", String, nullable=False),  # e-mail address
    Column("language", String, nullable=False),
    Column("kind", String, nullable=False),  # what it carries
    Column("about", String, nullable=False),
    Column("state", String, nullable=False),  # waiting, sent, failed
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("reason", String, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    UniqueConstraint("key"),
    partial_index("ix_mails_due", "due_at", where="state = 'waiting'"),
)

installations = Table(
    "installations",
    metadata,
    Column("workspace", String, primary_key=True),  # Slack team id, or enterprise id for an organisation-wide one
    Column("bot_user", String, nullable=False, server_default=""),
    Column("token", LargeBinary, nullable=False),  # encrypted
    Column("scopes", String, nullable=False, server_default=""),
    Column("installed_by", String, nullable=False, server_default=""),
    Column("installed_at", Instant, nullable=False),
)

key_folders = Table(
    "key_folders",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # there is one
    Column("fingerprint", String, nullable=False),
)

install_states = Table(
    "install_states",
    metadata,
    Column("digest", String, primary_key=True),
    Column("browser", String, nullable=False),  # digest of the cookie of the browser that asked
    Column("expires_at", Instant, nullable=False),
)
