"""What people do with what they learn: challenges, reflections, conversations in twos, and workshops."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table, Text, text

from storage.tables.ground import metadata, partial_index
from storage.types import Instant

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
    Column("changed_at", Instant, nullable=False),  # when whoever leads it did something last
    Index("ix_workshops_programme", "programme", "begun_at"),
    partial_index("ix_workshops_running", "ends_at", where="state = 'running'"),
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
