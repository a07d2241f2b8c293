"""The steps of the schema for what recurs: schedules, who approved them, and their dates."""

from sqlite_utils import Database

from storage.schema import countersign


@countersign()
def m010_schedules(db: Database) -> None:
    """What recurs; and on orders, whose votes approve one that is a date of it."""
    db.execute("ALTER TABLE orders ADD COLUMN envelope TEXT")  # whose votes approve it
    db.execute(
        """
        CREATE TABLE schedules (
            id TEXT PRIMARY KEY,
            origin TEXT NOT NULL UNIQUE,           -- one delivery of Slack
            state TEXT NOT NULL CHECK (state IN (
                'proposed', 'active', 'paused', 'ended', 'stopped', 'denied', 'expired')),
            version INTEGER NOT NULL,              -- counts every move: the compare-and-set
            revision INTEGER NOT NULL,             -- counts every new asking
            requester TEXT NOT NULL,
            reminds INTEGER NOT NULL CHECK (reminds IN (0, 1)),
            plan TEXT NOT NULL,                    -- what was said, canonical JSON
            terms TEXT NOT NULL,                   -- of each purchase
            first TEXT NOT NULL,                   -- local times of its zone
            last TEXT,
            count INTEGER,
            total TEXT CHECK (total NOT GLOB '*[^0-9.]*'),
            rule TEXT,
            eligible TEXT NOT NULL,
            created_at TEXT NOT NULL,
            expires_at TEXT NOT NULL,
            decided_at TEXT,
            next_local TEXT,                       -- the date that comes next
            next_at TEXT,                          -- its instant, by the zone's rules of today
            wake_at TEXT,                          -- when the clock has something to decide
            looked_ahead TEXT,                     -- the date for which it has been looked
            note TEXT,
            closed_by TEXT,
            moved_at TEXT,
            CHECK ((next_local IS NULL) = (next_at IS NULL))
        ) STRICT
        """
    )
    db.execute("CREATE INDEX schedules_by_wake ON schedules (wake_at) WHERE wake_at IS NOT NULL")
    db.execute("CREATE INDEX schedules_by_next ON schedules (next_at) WHERE next_at IS NOT NULL")
    db.execute("CREATE INDEX schedules_by_state ON schedules (state, created_at)")


@countersign()
def m011_schedule_votes(db: Database) -> None:
    """Who agreed to the whole of it, and all that happened to it."""
    db.execute(
        """
        CREATE TABLE schedule_votes (
            schedule_id TEXT NOT NULL REFERENCES schedules (id),
            revision INTEGER NOT NULL,
            voter TEXT NOT NULL,
            choice TEXT NOT NULL CHECK (choice IN ('approve', 'deny')),
            digest TEXT NOT NULL,
            reason TEXT,
            at TEXT NOT NULL,
            PRIMARY KEY (schedule_id, revision, voter)
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute(
        """
        CREATE TABLE schedule_events (
            schedule_id TEXT NOT NULL REFERENCES schedules (id),
            version INTEGER NOT NULL,              -- the version that the event made
            event TEXT NOT NULL,
            from_state TEXT,
            to_state TEXT NOT NULL,
            actor TEXT NOT NULL,                   -- a user id, or 'bot'
            at TEXT NOT NULL,
            facts TEXT NOT NULL,
            PRIMARY KEY (schedule_id, version)
        ) STRICT, WITHOUT ROWID
        """
    )


@countersign()
def m012_occurrences(db: Database) -> None:
    """A row for each date that has come, and where the messages stand.

    One date is dealt with once: the local time is its name, so an hour that comes twice is one.
    """
    db.execute(
        """
        CREATE TABLE occurrences (
            schedule_id TEXT NOT NULL REFERENCES schedules (id),
            local TEXT NOT NULL,
            at TEXT NOT NULL,
            fate TEXT NOT NULL CHECK (fate IN (
                'ordered', 'missed', 'skipped', 'refused', 'reminded')),
            order_id TEXT UNIQUE REFERENCES orders (id),
            actor TEXT NOT NULL,                   -- a user id, or 'bot'
            note TEXT,
            decided_at TEXT NOT NULL,
            asked INTEGER NOT NULL DEFAULT 0,      -- how often a reminder was posted
            ask_at TEXT,                           -- when a reminder is to be posted again
            PRIMARY KEY (schedule_id, local)
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute("CREATE INDEX occurrences_by_ask ON occurrences (ask_at) WHERE ask_at IS NOT NULL")
    db.execute(
        """
        CREATE TABLE schedule_cards (
            schedule_id TEXT NOT NULL REFERENCES schedules (id),
            name TEXT NOT NULL,                    -- 'card 0', or a date and how often it was asked
            channel TEXT NOT NULL,
            ts TEXT NOT NULL,
            PRIMARY KEY (schedule_id, name)
        ) STRICT, WITHOUT ROWID
        """
    )


@countersign()
def m014_schedule_reminders(db: Database) -> None:
    """When those who have not voted on a proposal are reminded, and how often they were."""
    db.execute("ALTER TABLE schedules ADD COLUMN remind_at TEXT")
    db.execute("ALTER TABLE schedules ADD COLUMN reminders INTEGER NOT NULL DEFAULT 0")


STEPS = frozenset(
    {
        "m010_schedules",
        "m011_schedule_votes",
        "m012_occurrences",
        "m014_schedule_reminders",
    }
)
