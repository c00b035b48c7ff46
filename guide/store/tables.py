"""The tables of conversations and of what staff say about them. `make_tables` makes them.

The chat server and the staff site share them. Times are seconds since 1970. Rows that belong to a
conversation go with it: the foreign keys delete in cascade, so that erasing and retention reach
the notes and labels of staff too. `events` is Rasa's own table and has no such key.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial

import sqlalchemy as sa

METADATA = sa.MetaData()
ID = sa.String(255)  # a conversation: its channel, a colon, the channel's own id

EVENTS = sa.Table(
    "events",  # as rasa.core.tracker_store.SQLTrackerStore has it
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("sender_id", ID, nullable=False),
    sa.Column("type_name", sa.String(255), nullable=False),
    sa.Column("timestamp", sa.Float),
    sa.Column("intent_name", sa.String(255)),
    sa.Column("action_name", sa.String(255)),
    sa.Column("data", sa.Text),
    sa.Index("ix_events_of", "sender_id", "id"),
    sa.Index("ix_events_timestamp", "timestamp"),
    sqlite_autoincrement=True,  # an id is never used again, so "the rows after it" stays true
)

CONVERSATIONS = sa.Table(
    "conversations",
    METADATA,
    sa.Column("id", ID, primary_key=True),
    # What staff see and addresses carry, for the id can tell who the patient is on a platform.
    sa.Column("key", sa.String(16), unique=True, default=lambda: secrets.token_hex(8)),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("started", sa.Float, nullable=False),
    sa.Column("last", sa.Float, nullable=False),  # of its newest turn
    sa.Column("turns", sa.Integer, nullable=False, server_default="0"),
    sa.Column("slots", sa.Text, nullable=False, server_default="{}"),  # JSON, name to value
    sa.Column("urgent", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("unhelpful", sa.Boolean, nullable=False, server_default=sa.false()),
    # Made by a command to show the site, no patient's.
    sa.Column("sample", sa.Boolean, nullable=False, server_default=sa.false()),
    # What staff made of it: state is "new", "open" or "done"; assigned is a user's name.
    sa.Column("state", sa.String(10), nullable=False, server_default="new"),
    sa.Column("flagged", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("assigned", sa.String(150), nullable=False, server_default=""),
    sa.Index("ix_conversations_last", "last", "started", "sample"),
    sa.Index("ix_conversations_channel", "channel", "last"),
    sa.Index("ix_conversations_state", "state", "last"),
    sa.Index("ix_conversations_urgent", "urgent", "last", "state", "sample"),
    sa.Index("ix_conversations_flagged", "flagged", "last"),
    sa.Index("ix_conversations_assigned", "assigned", "last"),
    sa.Index("ix_conversations_sample", "sample", "last"),
)


def _of_conversation(**how: bool) -> sa.Column:
    key = sa.ForeignKey("conversations.id", ondelete="CASCADE")
    return sa.Column("conversation", ID, key, nullable=False, **how)


def _of_turn(**how: bool) -> sa.Column:
    key = sa.ForeignKey("turns.id", ondelete="CASCADE")
    return sa.Column("turn", sa.Integer, key, nullable=False, **how)


TURNS = sa.Table(
    "turns",  # one message of a patient and the reply to it
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    _of_conversation(),
    sa.Column("time", sa.Float, nullable=False),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("text", sa.Text, nullable=False),  # the patient's words, without personal details
    sa.Column("kind", sa.String(20), nullable=False),  # of the reply
    sa.Column("answers", sa.Text, nullable=False, server_default="[]"),  # JSON list of ids
    sa.Column("intent", sa.String(255), nullable=False, server_default=""),
    sa.Column("confidence", sa.Float),  # of the best score; NULL where nothing was scored
    sa.Column("scores", sa.Text, nullable=False, server_default="[]"),  # JSON, 3 x [id, score]
    sa.Column("version", sa.String(64), nullable=False, server_default=""),  # of the content
    sa.Column("urgent", sa.Boolean, nullable=False, server_default=sa.false()),
    # From the message's arrival until its reply was ready to be committed; NULL where not known.
    sa.Column("milliseconds", sa.Float),
    sa.Column("feedback", sa.Integer),  # 1 helpful, 0 not, NULL none
    sa.Column("reason", sa.String(200), nullable=False, server_default=""),
    # Of a did-you-mean, told by the turn after it: "chosen", "declined", "" none came.
    sa.Column("outcome", sa.String(10), nullable=False, server_default=""),
    sa.Column("first_event", sa.Integer, nullable=False, server_default="0"),
    sa.Column("last_event", sa.Integer, nullable=False, server_default="0"),
    sa.Index("ix_turns_of", "conversation", "id"),
    sa.Index("ix_turns_time", "time"),
    sa.Index("ix_turns_kind", "kind", "time", "outcome"),
    sa.Index("ix_turns_channel", "channel", "time"),
    sa.Index("ix_turns_feedback", "feedback", "time"),
    sa.Index("ix_turns_confidence", "confidence"),
    # Figures are counted from indexes alone: these hold every column that is asked for.
    sa.Index("ix_turns_figures", "time", "milliseconds", "conversation"),
    sa.Index("ix_turns_shown", "kind", "answers", "feedback", "time", "conversation"),
    sqlite_autoincrement=True,
)

TURN_ANSWERS = sa.Table(
    "turn_answers",  # the answers that a turn showed or proposed
    METADATA,
    _of_turn(primary_key=True),
    sa.Column("answer", sa.String(100), primary_key=True),
    sa.Column("time", sa.Float, nullable=False),
    sa.Index("ix_turn_answers_answer", "answer", "time"),
)

TOMBSTONES = sa.Table(
    "tombstones",  # erased conversations: a turn that began before is not written after
    METADATA,
    sa.Column("conversation", ID, primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("erased", sa.Float, nullable=False, index=True),
)

NOTES = sa.Table(
    "notes",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    _of_conversation(index=True),
    sa.Column("time", sa.Float, nullable=False),
    sa.Column("by", sa.String(150), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)

TAGS = sa.Table(
    "tags",
    METADATA,
    _of_conversation(primary_key=True),
    sa.Column("tag", sa.String(50), primary_key=True),
    sa.Index("ix_tags_tag", "tag"),
)

LABELS = sa.Table(
    "labels",  # what a patient's message should have been answered with, says a member of staff
    METADATA,
    _of_turn(primary_key=True),
    sa.Column("time", sa.Float, nullable=False),
    sa.Column("by", sa.String(150), nullable=False),
    # "answer", "new_answer", "out_of_scope" or "ignore"; target is an answer or an oos_ intent.
    sa.Column("verdict", sa.String(20), nullable=False),
    sa.Column("target", sa.String(100), nullable=False, server_default=""),
    # The sentence that may be learned: rewritten or approved by a reviewer, "" until then.
    sa.Column("sentence", sa.Text, nullable=False, server_default=""),
    sa.Column("approved_by", sa.String(150), nullable=False, server_default=""),
    # Who said that nothing is to be learned from it.
    sa.Column("rejected_by", sa.String(150), nullable=False, server_default=""),
    sa.Column("held_out", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("ix_labels_verdict", "verdict", "target"),
)

MEANINGS = sa.Table(
    "meanings",  # sentence embeddings of messages that staff see in groups
    METADATA,
    _of_turn(primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),  # 384 float32
    # The first characters of the encoder's sha256: vectors of two encoders cannot be compared.
    sa.Column("encoder", sa.String(12), nullable=False, server_default=""),
)

WITHDRAWN = sa.Table(
    "withdrawn",  # answers in whose place the doctor line stands
    METADATA,
    sa.Column("answer", sa.String(100), primary_key=True),
    sa.Column("time", sa.Float, nullable=False),
    sa.Column("by", sa.String(150), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)

REMOVALS = sa.Table(
    "removals",  # what retention and erasing removed, in numbers
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("time", sa.Float, nullable=False, index=True),
    sa.Column("kind", sa.String(20), nullable=False),  # "retention", "patient", "staff", "sample"
    sa.Column("conversations", sa.Integer, nullable=False),
    sa.Column("turns", sa.Integer, nullable=False),
    sa.Column("events", sa.Integer, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
)

HEARTBEATS = sa.Table(
    "heartbeats",  # a write that shows that the database takes one
    METADATA,
    sa.Column("server", sa.String(100), primary_key=True),
    sa.Column("time", sa.Float, nullable=False),
)

INBOX = sa.Table(
    "inbox",  # accepted messages of the platforms (guide.store.inbox)
    METADATA,
    sa.Column("channel", sa.String(20), primary_key=True),
    sa.Column("event_id", sa.String(120), primary_key=True),
    sa.Column("conversation", ID, nullable=False, index=True),
    sa.Column("received", sa.Float, nullable=False, index=True),
    sa.Column("claimed", sa.Float, nullable=False),
    sa.Column("done", sa.Boolean, nullable=False, index=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("reply", sa.Text, nullable=False),
    # Set in the transaction that stores the turn it was answered by: it is not answered again.
    sa.Column("turn", sa.Integer),
)


def make_tables(engine: sa.engine.Engine) -> None:
    """Make what is missing, also columns that an older version of the guide did not have.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database is away or does not let us.
    """
    for _ in METADATA.tables:  # one table at least is there after each try
        if _made(lambda: METADATA.create_all(engine)):
            break
    inspector = sa.inspect(engine)
    for table in METADATA.sorted_tables:
        standing = {column["name"] for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.name not in standing:
                _made(partial(_add, engine, column))


def _made(make: Callable[[], None]) -> bool:
    """False where another server made it in the same moment; any other failure is raised."""
    try:
        make()
    except sa.exc.DBAPIError as error:
        if "exists" not in str(error.orig) and "duplicate column" not in str(error.orig):
            raise
        return False
    return True


def _add(engine: sa.engine.Engine, column: sa.Column) -> None:
    what = sa.schema.CreateColumn(column).compile(dialect=engine.dialect)
    with engine.begin() as connection:
        connection.execute(sa.text(f'ALTER TABLE "{column.table.name}" ADD COLUMN {what}'))
