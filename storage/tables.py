"""Every table. Who a row belongs to (platform and workspace) is part of the key wherever an actor is."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)

from storage.types import Instant

REVISION = "eeccde0dd947"
"""The newest migration, which makes exactly these tables. Known here so that a start need not load Alembic."""

_WHERE = "where"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _actor() -> tuple[Column[str], Column[str], Column[str]]:
    """The three columns that name an actor."""
    return (
        Column("platform", String, nullable=False),
        Column("workspace", String, nullable=False),
        Column("user", String, nullable=False),
    )


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of some rows. On PostgreSQL it is of those alone after `spell_for_postgresql`."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), info={_WHERE: text(where)})


@event.listens_for(metadata, "before_create")
def _prepare(_metadata: MetaData, connection: Connection, **_: object) -> None:
    if connection.dialect.name == "postgresql":
        spell_for_postgresql()


def spell_for_postgresql() -> None:
    """Make our partial indexes partial there, too. When needed only: it loads a dialect that SQLite has no use for."""
    for table in metadata.tables.values():
        for index in table.indexes:
            if _WHERE in index.info:
                index.dialect_options["postgresql"]["where"] = index.info[_WHERE]


people = Table(
    "people",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False, server_default=""),
    Column("email", String, nullable=False, server_default=""),
    Column("language", String, nullable=False),
    Column("language_chosen", Boolean, nullable=False, server_default=text("false")),
    Column("zone", String, nullable=False, server_default=""),
    Column("organisation", String, nullable=False, server_default=""),
    Column("role", String, nullable=False, server_default="participant"),
    Column("platform", String, nullable=False, server_default=""),  # the one to write to, when the person chose one
    Column("digest_at", Instant),  # when they were last sent reminders that could wait
    Column("away_until", Instant),  # for a coordinator: until then the deputy is asked
    Column("deputy", String, nullable=False, server_default=""),  # person id
    Column("created_at", Instant, nullable=False),
    _partial("ix_people_appointed", "deputy", where="role <> 'participant'"),
    _partial("ix_people_away_until", "away_until", where="away_until IS NOT NULL"),
)

actors = Table(
    "actors",
    metadata,
    *_actor(),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("directory_email", String, nullable=False, server_default=""),  # from the platform, never typed
    Column("profile_read", Boolean, nullable=False, server_default=text("false")),
    Column("welcomed_at", Instant),
    Column("home_opened_at", Instant),
    Column("left_at", Instant),
    Column("blocked_at", Instant),  # messages are refused although the person is still there
    Column("blocked_reason", String, nullable=False, server_default=""),  # the platform's own code
    Column("seen_at", Instant, nullable=False),
    PrimaryKeyConstraint("platform", "workspace", "user"),
)

addresses = Table(
    "addresses",
    metadata,
    Column("platform", String, nullable=False),
    Column("workspace", String, nullable=False),
    Column("surface", String, nullable=False),
    Column("conversation", String, nullable=False),
    Column("details", Text, nullable=False),  # JSON object of strings
    Column("updated_at", Instant, nullable=False),
    PrimaryKeyConstraint("platform", "workspace", "surface", "conversation"),
)

programmes = Table(
    "programmes",
    metadata,
    Column("id", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("document", Text, nullable=False),  # the programme as JSON
    Column("place", Integer, nullable=False),  # order in lists
    Column("loaded_at", Instant, nullable=False),
    Column("planned", Boolean, nullable=False, server_default=text("false")),  # the nudges of this version are
)

occasions = Table(
    "occasions",
    metadata,
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("id", String, nullable=False),
    Column("capacity", Integer),
    Column("starts_at", Instant, nullable=False),
    PrimaryKeyConstraint("programme", "id"),
)

changes = Table(
    "changes",
    metadata,
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("occasion", String, nullable=False),
    Column("before", Text, nullable=False),  # what people were last told, or how far they have been told anew, as JSON
    Column("settles_at", Instant, nullable=False),  # when people are told what it has become
    PrimaryKeyConstraint("programme", "occasion"),
    Index("ix_changes_settles_at", "settles_at"),
)

registrations = Table(
    "registrations",
    metadata,
    Column("id", String, primary_key=True),
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("organisation", String, nullable=False),
    Column("organisation_key", String, nullable=False),
    Column("made_by", ForeignKey("people.id"), nullable=False),
    Column("invoice_reference", String, nullable=False, server_default=""),
    Column("gln", String, nullable=False, server_default=""),
    Column("needs", Text, nullable=False, server_default=""),
    Column("prerequisite", String, nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("created_at", Instant, nullable=False),
    Index("ix_registrations_programme_organisation_key", "programme", "organisation_key"),
    Index("ix_registrations_made_by", "made_by"),
)

seats = Table(
    "seats",
    metadata,
    Column("id", String, primary_key=True),
    Column("registration", ForeignKey("registrations.id"), nullable=False, index=True),
    Column("programme", String, nullable=False),
    Column("occasion", String, nullable=False),
    Column("person", ForeignKey("people.id")),
    Column("name", String, nullable=False, server_default=""),
    Column("email", String, nullable=False, server_default=""),
    Column("state", String, nullable=False),
    Column("lodging", Boolean, nullable=False, server_default=text("false")),
    Column("queued_at", Instant),  # its place in the waiting list
    Column("offered_until", Instant),
    Column("undo_until", Instant),
    Column("before_cancel", String, nullable=False, server_default=""),  # the state an undo restores
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("changed_at", Instant, nullable=False),
    Column("held_since", Instant),  # when the participant of today got it for certain
    Index("ix_seats_programme_occasion_state", "programme", "occasion", "state"),
    _partial(
        "uq_seats_person",
        "programme",
        "occasion",
        "person",
        unique=True,
        where="state IN ('confirmed', 'waiting', 'offered')",
    ),
    Index("ix_seats_person", "person"),
    _partial("ix_seats_waiting", "programme", "occasion", "queued_at", where="state = 'waiting'"),
    _partial("ix_seats_offered_until", "offered_until", where="state = 'offered'"),
    _partial("ix_seats_undo_until", "undo_until", where="state = 'cancelled'"),
)

codes = Table(
    "codes",
    metadata,
    Column("digest", String, primary_key=True),  # of the one-time code
    Column("purpose", String, nullable=False),  # "seat" or "person"
    Column("about", String, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", String, primary_key=True),
    *_actor(),
    Column("flow", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("about", String, nullable=False),
    Column("step", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("done", Boolean, nullable=False, server_default=text("false")),
    Column("reminded", Boolean, nullable=False, server_default=text("false")),  # of having been left lying
    Column("overtaken", Boolean, nullable=False, server_default=text("false")),  # the programme changed meanwhile
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    _partial("uq_runs_open", "platform", "workspace", "user", "flow", "about", unique=True, where="NOT done"),
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
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("claimed_until", Instant),  # until then nothing else goes to its conversation
    Column("uncertain", Boolean, nullable=False, server_default=text("false")),  # an earlier try may have arrived
    Column("reference", String, nullable=False, server_default=""),  # the platform's own, to edit it by
    Column("reason", String, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    UniqueConstraint("key"),
    Index("ix_outbox_person", "person", "created_at"),
    _partial("ix_outbox_due", "platform", "workspace", "bulk", "due_at", where="state IN ('waiting', 'sending')"),
    _partial(
        "ix_outbox_conversation",
        "platform",
        "workspace",
        "surface",
        "conversation",
        "created_at",
        "place",
        where="sent_at IS NULL",  # not the words of ix_outbox_due: each query may use one of the two only
    ),
    _partial("ix_outbox_settled", "created_at", where="state IN ('sent', 'failed')"),
    _partial("ix_outbox_reason", "state", "platform", "reason", where="reason <> ''"),
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
    _partial("ix_nudges_due", "due_at", where="state = 'planned'"),
    Index("ix_nudges_recipient", "recipient", "due_at"),
    _partial("ix_nudges_channels", "settled_at", where="audience = 'channels'"),
    Index("ix_nudges_programme", "programme", "state", "settled_at"),
)

wishes = Table(
    "wishes",
    metadata,
    Column("person", ForeignKey("people.id"), nullable=False),
    Column("programme", String, nullable=False),  # or nothing: all of them
    Column("level", String, nullable=False),  # all, few, none
    Column("paused_until", Instant),
    Column("changed_at", Instant, nullable=False),
    PrimaryKeyConstraint("person", "programme"),
)

bindings = Table(
    "bindings",
    metadata,
    Column("platform", String, nullable=False),
    Column("workspace", String, nullable=False),
    Column("conversation", String, nullable=False),  # the channel
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("name", String, nullable=False, server_default=""),  # of the channel, as far as the platform has said
    Column("threads", Boolean, nullable=False, server_default=text("true")),  # one thread for each meeting
    Column("bound_by", ForeignKey("people.id"), nullable=False),
    Column("bound_at", Instant, nullable=False),
    Column("checked_at", Instant),
    Column("trouble", String, nullable=False, server_default=""),  # why a message would not get through
    PrimaryKeyConstraint("platform", "workspace", "conversation", "programme"),
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
    _partial("ix_matters_open", "opened_at", where="closed_at IS NULL"),
)

tellings = Table(
    "tellings",
    metadata,
    Column("matter", ForeignKey("matters.id"), nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False),
    Column("message", String, nullable=False, index=True),  # key of the outbox row that carries it
    Column("told_at", Instant, nullable=False),
    PrimaryKeyConstraint("matter", "person"),
)

contacts = Table(
    "contacts",
    metadata,
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("organisation_key", String, nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("appointed_at", Instant, nullable=False),
    PrimaryKeyConstraint("programme", "organisation_key", "person"),
)

rounds = Table(
    "rounds",
    metadata,
    Column("id", String, primary_key=True),
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("document", Text, nullable=False),  # what it asks and how, as JSON: never changed
    Column("state", String, nullable=False),  # planned, open, closed, withdrawn
    Column("opens_at", Instant, nullable=False),
    Column("closes_at", Instant),
    Column("undo_until", Instant),
    Column("closed_at", Instant),
    Column("version", Integer, nullable=False, server_default="0"),  # rises with every change of what the board shows
    Column("posted", Integer, nullable=False, server_default="0"),  # the version that the channels show
    Column("posted_at", Instant),
    Index("ix_rounds_programme", "programme", "opens_at"),
    _partial("ix_rounds_running", "opens_at", where="state IN ('planned', 'open')"),
)

groups = Table(
    "groups",
    metadata,
    Column("id", String, primary_key=True),
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("role", String, nullable=False),  # id of the role group, or nothing
    Column("name", String, nullable=False),
    Column("organisation_key", String, nullable=False, server_default=""),
    Column("platform", String, nullable=False, server_default=""),  # the channel it talks in, if it has one
    Column("workspace", String, nullable=False, server_default=""),
    Column("conversation", String, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("programme", "role", "name"),
    Index("ix_groups_channel", "platform", "workspace", "conversation"),
)

members = Table(
    "members",
    metadata,
    Column("group", ForeignKey("groups.id"), nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("joined_at", Instant, nullable=False),
    PrimaryKeyConstraint("group", "person"),
)

note_takers = Table(
    "note_takers",
    metadata,
    Column("round", ForeignKey("rounds.id"), nullable=False),
    Column("group", ForeignKey("groups.id"), nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False),
    Column("taken_at", Instant, nullable=False),
    PrimaryKeyConstraint("round", "group"),
)

drafts = Table(
    "drafts",
    metadata,
    Column("round", ForeignKey("rounds.id"), nullable=False),
    Column("group", ForeignKey("groups.id"), nullable=False),
    Column("texts", Text, nullable=False),  # JSON object: question → what is written so far
    Column("saved_at", Instant, nullable=False),
    PrimaryKeyConstraint("round", "group"),
)

answers = Table(
    "answers",
    metadata,
    # Whoever wrote it is not here and is not meant to be derived: see docs on anonymity before a column is added.
    Column("id", String, primary_key=True),  # random
    Column("round", ForeignKey("rounds.id"), nullable=False),
    Column("box", String, nullable=False),
    Column("question", String, nullable=False),
    Column("group", String, nullable=False, server_default=""),  # the author of notes; empty for a sealed answer
    Column("text", Text, nullable=False),
    Column("standing", String, nullable=False),  # shown, held, hidden
    Column("reason", String, nullable=False, server_default=""),
    Column("place", Integer, nullable=False),
    Column("moved", Boolean, nullable=False, server_default=text("false")),
    Column("written_at", Instant, nullable=False),
    Index("ix_answers_round", "round", "place"),
    sqlite_with_rowid=False,  # no order of arrival beside the one that is shown
)

urns = Table(
    "urns",
    metadata,
    Column("id", String, primary_key=True),  # names the keys, which lie outside the database
    Column("round", ForeignKey("rounds.id"), nullable=False, index=True),
    Column("box", String, nullable=False),
    Column("emptied_at", Instant),  # a day, at midnight
)

sealed = Table(
    "sealed",
    metadata,
    Column("urn", ForeignKey("urns.id"), nullable=False),
    Column("marker", LargeBinary, nullable=False),
    Column("box", LargeBinary, nullable=False),  # encrypted, always of the same length
    PrimaryKeyConstraint("urn", "marker"),
    sqlite_with_rowid=False,
)

rulings = Table(
    "rulings",
    metadata,
    Column("id", String, primary_key=True),
    Column("answer", String, nullable=False, index=True),
    Column("verdict", String, nullable=False),  # published, masked, hidden
    Column("reason", String, nullable=False, server_default=""),
    Column("person", ForeignKey("people.id"), nullable=False),  # the coordinator
    Column("ruled_at", Instant, nullable=False),
)

replies = Table(
    "replies",
    metadata,
    Column("id", String, primary_key=True),
    Column("answer", ForeignKey("answers.id"), nullable=False),
    Column("box", String, nullable=False, server_default=""),  # the role group that replies; empty for the organiser
    Column("accepted", Boolean, nullable=False, server_default=text("false")),
    Column("text", Text, nullable=False, server_default=""),
    Column("said_at", Instant, nullable=False),
    UniqueConstraint("answer", "box"),
)

held_replies = Table(
    "held_replies",
    metadata,
    Column("id", String, primary_key=True),
    Column("answer", ForeignKey("answers.id"), nullable=False, index=True),
    Column("box", String, nullable=False),  # the role group that would reply
    Column("text", Text, nullable=False),
    Column("standing", String, nullable=False),  # held, hidden
    Column("reason", String, nullable=False, server_default=""),
    Column("said_at", Instant, nullable=False),
)
"""What a role group would say to an answer, and the board does not show; what it said before stays there meanwhile."""

votes = Table(
    "votes",
    metadata,
    Column("answer", ForeignKey("answers.id"), nullable=False),
    Column("voter", LargeBinary, nullable=False),  # a marker, made with a key that is destroyed when the round closes
    Column("round", ForeignKey("rounds.id"), nullable=False, index=True),
    PrimaryKeyConstraint("answer", "voter"),
    sqlite_with_rowid=False,
)

links = Table(
    "links",
    metadata,
    Column("id", String, primary_key=True),  # random; the secret half of the link follows from it and a key
    Column("kind", String, nullable=False),
    Column("about", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Index("ix_links_kind_about", "kind", "about"),
)

plan_rows = Table(
    "plan_rows",
    metadata,
    Column("id", String, primary_key=True),
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("organisation_key", String, nullable=False),
    Column("organisation", String, nullable=False),
    Column("what", Text, nullable=False),
    Column("who", String, nullable=False),
    Column("before", String, nullable=False, server_default=""),  # id of the occasion
    Column("due", Date),
    Column("progress", String, nullable=False),  # planned, testing, done, blocked
    Column("owner", ForeignKey("people.id"), index=True),
    Column("deputy", String, nullable=False, server_default=""),
    Column("group", String, nullable=False, server_default=""),
    Column("answer", String, nullable=False, server_default=""),
    Column("remark", Text, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", ForeignKey("people.id"), index=True),  # nobody: a deadline has passed, or they are gone
    Index("ix_plan_rows_programme_organisation_key", "programme", "organisation_key"),
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
    _partial("ix_mails_due", "due_at", where="state = 'waiting'"),
)

feeds = Table(
    "feeds",
    metadata,
    Column("owner", String, primary_key=True),  # "person:<id>" or "programme:<id>"
    Column("generation", Integer, nullable=False),  # rises when the link is revoked
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

install_states = Table(
    "install_states",
    metadata,
    Column("digest", String, primary_key=True),
    Column("browser", String, nullable=False),  # digest of the cookie of the browser that asked
    Column("expires_at", Instant, nullable=False),
)

faq_entries = Table(
    "faq_entries",
    metadata,
    Column("id", String, primary_key=True),
    Column("programme", String, nullable=False),  # or nothing: it holds for all of them
    Column("document", Text, nullable=False),  # the entry as JSON
    Column("standing", String, nullable=False),  # live, retired
    Column("version", Integer, nullable=False),
    Column("origin", String, nullable=False, server_default=""),  # digest of what the programme's file says, if it does
    Column("changed_at", Instant, nullable=False),
    Index("ix_faq_entries_programme", "programme"),
)

faq_history = Table(
    "faq_history",
    metadata,
    Column("entry", ForeignKey("faq_entries.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("document", Text, nullable=False),  # the entry as it stood after the change
    Column("standing", String, nullable=False),
    Column("change", String, nullable=False),
    Column("by", ForeignKey("people.id")),  # nobody for the programme's file
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("entry", "version"),
)

faq_phrasings = Table(
    "faq_phrasings",
    metadata,
    Column("id", String, primary_key=True),
    Column("entry", ForeignKey("faq_entries.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("standing", String, nullable=False),  # proposed, accepted, rejected
    Column("times", Integer, nullable=False),
    Column("asked_at", Instant, nullable=False),  # last
    UniqueConstraint("entry", "text"),
)

faq_vectors = Table(
    "faq_vectors",
    metadata,
    Column("key", String, primary_key=True),  # digest of the model and the text
    Column("vector", LargeBinary, nullable=False),
)

misses = Table(
    "misses",
    metadata,
    Column("id", String, primary_key=True),
    Column("programme", String, nullable=False),  # or nothing: of no programme in particular
    Column("text", Text, nullable=False),
    Column("language", String, nullable=False),
    Column("state", String, nullable=False),  # open, answered, dismissed
    Column("contact", String, nullable=False, server_default=""),  # name of the contact whose field it is
    Column("owner", ForeignKey("people.id"), index=True),  # who has taken it on
    Column("answer", Text, nullable=False, server_default=""),  # by language, as JSON
    Column("answered_by", ForeignKey("people.id")),
    Column("entry", String, nullable=False, server_default=""),  # that answers it, or that it puts in doubt
    Column("agenda", Text, nullable=False, server_default=""),  # the question as the next agenda has it, if it does
    Column("opened_at", Instant, nullable=False),
    Column("answered_at", Instant),
    _partial("ix_misses_open", "opened_at", where="state = 'open'"),
)

handovers = Table(
    "handovers",
    metadata,
    Column("miss", ForeignKey("misses.id"), nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("message", String, nullable=False),  # key of the outbox row that carries the question
    Column("handed_at", Instant, nullable=False),
    Column("over", Boolean, nullable=False, server_default=text("false")),  # they have it no longer
    PrimaryKeyConstraint("miss", "person"),
)
"""To whom a question was handed that coordinators did not answer themselves; the last time for each colleague."""

inquiries = Table(
    "inquiries",
    metadata,
    Column("id", String, primary_key=True),
    Column("programme", String, nullable=False),  # or nothing: of no programme in particular
    Column("language", String, nullable=False),
    Column("text", Text, nullable=False),  # without what points at a person
    Column("outcome", String, nullable=False),  # answered, suggested, unknown, human
    Column("entry", String, nullable=False, server_default=""),  # that was given
    Column("version", Integer, nullable=False, server_default="0"),  # of the entry
    Column("helped", Boolean),
    Column("reason", Text, nullable=False, server_default=""),
    Column("miss", ForeignKey("misses.id"), index=True),
    Column("asked_at", Instant, nullable=False),
    Index("ix_inquiries_entry", "entry", "helped"),
)

askers = Table(
    "askers",
    metadata,
    Column("inquiry", ForeignKey("inquiries.id"), primary_key=True),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("named", Boolean, nullable=False),  # the coordinator may see who asks
    Column("told_at", Instant),
)

awaited = Table(
    "awaited",
    metadata,
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("material", String, nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("asked_at", Instant, nullable=False),
    PrimaryKeyConstraint("programme", "material", "person"),
)
"""Who is told when a material that is still to come is there; the row goes when they have been."""

tallies = Table(
    "tallies",
    metadata,
    Column("round", ForeignKey("rounds.id"), nullable=False),
    Column("box", String, nullable=False),  # role group, or nothing for the box of everybody
    Column("question", String, nullable=False),
    Column("value", Integer, nullable=False),
    Column("count", Integer, nullable=False),  # people who gave this rating
    PrimaryKeyConstraint("round", "box", "question", "value"),
)
"""How many gave each rating, written when a round closes and only where enough people did: there are no single ones."""

challenges = Table(
    "challenges",
    metadata,
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("visibility", String, nullable=False),  # me, leaders, group
    Column("written_at", Instant, nullable=False),
    PrimaryKeyConstraint("programme", "person", "version"),
)

challenge_viewers = Table(
    "challenge_viewers",
    metadata,
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False),  # whose challenge it is
    Column("viewer", ForeignKey("people.id"), nullable=False, index=True),
    Column("version", Integer, nullable=False),  # the newest one that the viewer has seen
    Column("seen_at", Instant, nullable=False),
    PrimaryKeyConstraint("programme", "person", "viewer"),
)

reflections = Table(
    "reflections",
    metadata,
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("occasion", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("written_at", Instant, nullable=False),
    PrimaryKeyConstraint("programme", "person", "occasion"),
)

sparring = Table(
    "sparring",
    metadata,
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False),
    Column("partner", ForeignKey("people.id"), index=True),  # who is proposed; shown once both have said yes
    Column("wished_at", Instant, nullable=False),
    Column("proposal", String, nullable=False, server_default=""),  # the same for both of a pair
    Column("agreed", Boolean, nullable=False, server_default=text("false")),  # to this proposal
    PrimaryKeyConstraint("programme", "person"),
)
"""Who would like somebody to spar with, and with whom they do."""

workshops = Table(
    "workshops",
    metadata,
    Column("id", String, primary_key=True),
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("organisation_key", String, nullable=False, server_default=""),
    Column("script", Text, nullable=False),  # as JSON: never changed
    Column("begun_by", ForeignKey("people.id"), nullable=False, index=True),
    Column("begun_at", Instant, nullable=False),
    Column("state", String, nullable=False),  # running, paused, ended
    Column("at", Integer, nullable=False),  # index of the step
    Column("ends_at", Instant),  # when the time box is over
    Column("left", Integer),  # seconds of the time box, while paused
    Column("told", Boolean, nullable=False, server_default=text("false")),
    Column("version", Integer, nullable=False, server_default="0"),
    Index("ix_workshops_programme", "programme", "begun_at"),
    _partial("ix_workshops_running", "ends_at", where="state = 'running'"),
)

workshop_rounds = Table(
    "workshop_rounds",
    metadata,
    Column("round", ForeignKey("rounds.id"), primary_key=True),
    Column("workshop", ForeignKey("workshops.id"), nullable=False, index=True),
    Column("step", String, nullable=False),
    Column("opened_at", Instant, nullable=False),
)
"""The rounds that were opened for the steps of a workshop: several for a step that was done again."""

answerers = Table(
    "answerers",
    metadata,
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("contact", String, nullable=False),  # the name in the programme's file
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("appointed_at", Instant, nullable=False),
    PrimaryKeyConstraint("programme", "contact", "person"),
)
"""Who answers questions as one of the contacts whom a programme's file names."""

coaches = Table(
    "coaches",
    metadata,
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("organisation_key", String, nullable=False),  # or nothing: the whole programme
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("appointed_at", Instant, nullable=False),
    PrimaryKeyConstraint("programme", "organisation_key", "person"),
)
"""Who follows workshops from outside: they see the script and what is counted, and nothing that anybody wrote."""
