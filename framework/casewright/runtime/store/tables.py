"""The tables. Instants are whole microseconds since 1970 in UTC; texts named in `codec` terms are its JSON."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, Table, Text, text

SCHEMA_VERSION = 2

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(column_0_label)s",
    }
)


def _text(name: str, **more: object) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="", **more)  # type: ignore[arg-type]


def _number(name: str, default: int = 0) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=str(default))


def _instant(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


def _key(name: str = "id") -> Column[str]:
    return Column(name, Text, primary_key=True)


schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True))

number_block = Table("number_block", metadata, _key("name"), Column("next", BigInteger, nullable=False))

case_ = Table(
    "case_",
    metadata,
    _key(),
    _text("type"),
    _text("digest"),
    _text("release"),
    _number("version"),
    _text("status"),
    _text("stage"),
    _number("urgency"),
    _text("interaction"),
    _text("parent"),
    _text("parent_path"),
    _number("parent_visit", 1),
    _text("customer"),
    _instant("created_at"),
    _text("created_by"),
    _instant("updated_at"),
    _instant("closed_at", nullable=True),
    _text("data"),
    _text("state"),
    Index("ix_case_type", "type", "status"),
    Index("ix_case_parent", "parent"),
    Index("ix_case_customer", "customer", "created_at"),
    Index("ix_case_created", "created_at", "id"),
    Index("ix_case_digest", "digest", "status"),
)
"""`customer` repeats the field `customer_id` of the data, so that a customer's cases are found without reading all."""

item = Table(
    "item",
    metadata,
    Column("case_id", Text, ForeignKey("case_.id"), primary_key=True),
    _key("path"),
    Column("visit", Integer, primary_key=True),
    _text("kind"),
    _text("state"),
    _text("at"),
    _text("bound"),
    _text("values"),
    _instant("entered_at"),
    _instant("changed_at"),
    sqlite_with_rowid=False,
)

history = Table(
    "history",
    metadata,
    Column("case_id", Text, ForeignKey("case_.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    _instant("at"),
    _text("actor"),
    _text("kind"),
    _text("path"),
    _text("key"),
    _text("digest"),
    _text("command"),
    _text("facts"),
    _text("outcome"),
    sqlite_with_rowid=False,
)

assignment = Table(
    "assignment",
    metadata,
    _key(),
    Column("case_id", Text, ForeignKey("case_.id"), nullable=False),
    _text("path"),
    _number("visit", 1),
    _text("label"),
    _text("target_kind"),
    _text("target"),
    _number("urgency"),
    _text("text"),
    _text("skills"),
    _text("state"),
    _text("operator"),
    _text("outcome"),
    _text("closed_by"),
    _instant("opened_at"),
    _instant("claimed_at", nullable=True),
    _instant("closed_at", nullable=True),
    _instant("goal_at", nullable=True),
    _instant("deadline_at", nullable=True),
    Index("ix_assignment_item", "case_id", "path", "visit"),
    Index(
        "ix_assignment_waiting",
        "target_kind",
        "target",
        text("urgency DESC"),
        "deadline_at",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index(
        "ix_assignment_operator",
        "operator",
        sqlite_where=text("state = 'open' AND operator <> ''"),
        postgresql_where=text("state = 'open' AND operator <> ''"),
    ),
)

job = Table(
    "job",
    metadata,
    _key(),
    _text("kind"),
    _text("case_id"),
    _text("path"),
    _number("visit", 1),
    _text("name"),
    _instant("due"),
    _instant("ready", nullable=True),
    _text("worker"),
    _number("attempts"),
    _text("payload"),
    _text("last_error"),
    Index(
        "ix_job_ready",
        "ready",
        "id",
        sqlite_where=text("ready IS NOT NULL"),
        postgresql_where=text("ready IS NOT NULL"),
    ),
    Index("ix_job_case", "case_id", "path"),
    Index(
        "ix_job_delivery",
        "name",
        "due",
        sqlite_where=text("kind = 'deliver_event'"),
        postgresql_where=text("kind = 'deliver_event'"),
    ),
    sqlite_with_rowid=False,
)
"""`ready` is when anybody may take the job: its due instant, the end of a lease, or the next try; null: never."""

command = Table(
    "command",
    metadata,
    _key("key"),
    _text("request"),
    _text("about"),
    _number("version"),
    _text("status"),
    _instant("at"),
    sqlite_with_rowid=False,
)

"""`about` is what the request made or changed: a case (with the version and status then), an event, an interaction."""

incident = Table(
    "incident",
    metadata,
    _key(),
    _text("case_id"),
    _text("path"),
    _number("visit", 1),
    _text("job_id"),
    _text("error"),
    _instant("opened_at"),
    _instant("resolved_at", nullable=True),
    _text("resolution"),
    Index(
        "ix_incident_open",
        "case_id",
        "path",
        sqlite_where=text("resolved_at IS NULL"),
        postgresql_where=text("resolved_at IS NULL"),
    ),
)

event = Table(
    "event",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    _text("name"),
    _text("case_id"),
    _instant("at"),
    _text("payload"),
    Index("ix_event_name", "name", "at"),
    sqlite_autoincrement=True,
)

listener = Table(
    "listener",
    metadata,
    _key("case_id"),
    _key("path"),
    Column("visit", Integer, primary_key=True),
    _key("listener"),
    _text("event"),
    _text("names"),
    _text("key"),
    _instant("since", nullable=True),
    Column("after", BigInteger, nullable=False),
    Index("ix_listener_event", "event", "names", "key"),
    sqlite_with_rowid=False,
)
"""A visit of an item that waits for an event whose payload has the values `key` under `names`, both `codec` lists.

It began to listen behind the event whose seq is `after`; those from `since` on up to that one are looked up for it.
"""

note = Table(
    "note",
    metadata,
    _key(),
    Column("case_id", Text, nullable=False, index=True),
    _instant("at"),
    _text("author"),
    _text("body"),
)

message = Table(
    "message",
    metadata,
    _key(),
    Column("case_id", Text, nullable=False, index=True),
    _text("path"),
    _number("visit", 1),
    _instant("at"),
    _text("correspondence"),
    _text("channel"),
    _text("address"),
    _text("subject"),
    _text("body"),
)

release = Table("release", metadata, _key(), _text("application"), _instant("stored_at"))

tree = Table("tree", metadata, _key("digest"), _text("body"))

release_rule = Table(
    "release_rule",
    metadata,
    Column("release", Text, ForeignKey("release.id"), primary_key=True),
    _key("rule"),
    Column("digest", Text, ForeignKey("tree.digest"), nullable=False, index=True),
    sqlite_with_rowid=False,
)

activation = Table(
    "activation",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("release", Text, ForeignKey("release.id"), nullable=False),
    _instant("at"),
    sqlite_autoincrement=True,
)

interaction = Table(
    "interaction",
    metadata,
    _key(),
    _text("type"),
    _text("channel"),
    _text("customer_id"),
    _text("operator"),
    _text("status"),
    _number("verified"),
    _text("reference"),
    _text("disposition"),
    _text("captured"),
    _instant("opened_at"),
    _instant("closed_at", nullable=True),
)

interaction_entry = Table(
    "interaction_entry",
    metadata,
    _key(),
    Column("interaction", Text, ForeignKey("interaction.id"), nullable=False, index=True),
    _instant("at"),
    _text("author"),
    _text("kind"),
    _text("detail"),
)

case_interaction = Table(
    "case_interaction",
    metadata,
    Column("interaction", Text, ForeignKey("interaction.id"), primary_key=True),
    Column("case_id", Text, ForeignKey("case_.id"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)
