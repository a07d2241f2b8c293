"""The first steps of the schema: orders, what is owed to Slack, the audit log.

STRICT tables with explicit DDL: a mistyped name is an error, not a new table. Amounts are canonical
decimal TEXT, times UTC ISO-8601 TEXT. A step that has landed is never edited.
"""

from sqlite_utils import Database, Migrations

countersign = Migrations("countersign")


@countersign()
def m001_orders(db: Database) -> None:
    """Orders, what is owed to their approvers and vendors, and all that happened to them."""
    db.execute(
        """
        CREATE TABLE orders (
            id TEXT PRIMARY KEY,
            origin TEXT NOT NULL UNIQUE,           -- one delivery of Slack, or one occurrence
            state TEXT NOT NULL CHECK (state IN (
                'pending_approval', 'approved', 'submitting', 'in_doubt', 'accepted',
                'awaiting_payment', 'completed', 'reversed', 'denied', 'cancelled', 'expired',
                'rejected', 'failed')),
            version INTEGER NOT NULL,              -- counts every move: the compare-and-set
            revision INTEGER NOT NULL,             -- counts every new set of terms
            requester TEXT NOT NULL,
            provider TEXT NOT NULL,
            asset TEXT NOT NULL,
            spend_amount TEXT NOT NULL CHECK (spend_amount NOT GLOB '*[^0-9.]*'),
            spend_unit TEXT NOT NULL,
            currency TEXT NOT NULL,
            cost TEXT NOT NULL CHECK (cost NOT GLOB '*[^0-9.]*'),
            max_price TEXT,
            outlet TEXT,
            target TEXT,
            reason TEXT,
            rule TEXT NOT NULL,                    -- the parsed rule that decided, canonical JSON
            band TEXT NOT NULL,
            eligible TEXT NOT NULL,
            key TEXT NOT NULL,
            created_at TEXT NOT NULL,
            expires_at TEXT NOT NULL,
            asked_again INTEGER NOT NULL,
            decided_at TEXT,
            decided_boot TEXT,
            valid_until TEXT,
            attempts INTEGER NOT NULL,
            first_sent_at TEXT,
            deadline TEXT,
            doubted INTEGER NOT NULL CHECK (doubted IN (0, 1)),
            proven INTEGER NOT NULL CHECK (proven IN (0, 1)),
            tries INTEGER NOT NULL,
            due_at TEXT,
            wake_at TEXT,                          -- when the clock has something to decide
            ref TEXT,
            outcome TEXT NOT NULL,
            note TEXT,
            closed_by TEXT,
            moved_at TEXT                          -- when the state last changed
        ) STRICT
        """
    )
    db.execute("CREATE INDEX orders_by_wake ON orders (wake_at) WHERE wake_at IS NOT NULL")
    db.execute("CREATE INDEX orders_by_state ON orders (state, created_at)")
    db.execute("CREATE INDEX orders_by_age ON orders (created_at)")
    # One purchase at a vendor belongs to one order.
    db.execute("CREATE UNIQUE INDEX orders_by_ref ON orders (provider, ref) WHERE ref IS NOT NULL")
    db.execute(
        """
        CREATE TABLE idempotency_keys (
            key TEXT PRIMARY KEY CHECK (length(key) = 32),
            order_id TEXT NOT NULL UNIQUE REFERENCES orders (id),
            provider TEXT NOT NULL,
            minted_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute(
        """
        CREATE TABLE votes (
            order_id TEXT NOT NULL REFERENCES orders (id),
            revision INTEGER NOT NULL,
            voter TEXT NOT NULL,
            choice TEXT NOT NULL CHECK (choice IN ('approve', 'deny')),
            digest TEXT NOT NULL,
            reason TEXT,
            at TEXT NOT NULL,
            PRIMARY KEY (order_id, revision, voter)
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute(
        """
        CREATE TABLE attempts (
            order_id TEXT NOT NULL REFERENCES orders (id),
            number INTEGER NOT NULL,
            key TEXT NOT NULL REFERENCES idempotency_keys (key),
            method TEXT NOT NULL,
            path TEXT NOT NULL,
            body BLOB NOT NULL,
            body_sha256 TEXT NOT NULL,
            boot_id TEXT NOT NULL,
            started_at TEXT NOT NULL,
            deadline TEXT NOT NULL,
            ended_at TEXT,
            result TEXT,
            detail TEXT,
            PRIMARY KEY (order_id, number)
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute(
        """
        CREATE TABLE events (
            order_id TEXT NOT NULL REFERENCES orders (id),
            version INTEGER NOT NULL,              -- the version that the event made
            event TEXT NOT NULL,
            from_state TEXT,
            to_state TEXT NOT NULL,
            actor TEXT NOT NULL,                   -- a user id, or 'bot'
            at TEXT NOT NULL,
            facts TEXT NOT NULL,
            PRIMARY KEY (order_id, version)
        ) STRICT, WITHOUT ROWID
        """
    )
    # Reserved at approval and held through doubt; spent when the vendor tells the total. Budgets
    # draw on it from their issue on; the rows are written from the first order on.
    db.execute(
        """
        CREATE TABLE reservations (
            order_id TEXT PRIMARY KEY REFERENCES orders (id),
            requester TEXT NOT NULL,
            provider TEXT NOT NULL,
            asset TEXT NOT NULL,
            amount TEXT NOT NULL CHECK (amount NOT GLOB '*[^0-9.]*'),
            currency TEXT NOT NULL,
            at TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('reserved', 'spent', 'released'))
        ) STRICT, WITHOUT ROWID
        """
    )


@countersign()
def m002_outbox(db: Database) -> None:
    """What we owe Slack, and where the cards are."""
    db.execute(
        """
        CREATE TABLE cards (
            order_id TEXT NOT NULL REFERENCES orders (id),
            revision INTEGER NOT NULL,
            channel TEXT NOT NULL,
            ts TEXT NOT NULL,
            PRIMARY KEY (order_id, revision)
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute(
        """
        CREATE TABLE outbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL UNIQUE,              -- a repeated wish is one row
            kind TEXT NOT NULL CHECK (kind IN ('card', 'notice', 'direct', 'twin')),
            order_id TEXT REFERENCES orders (id),
            facts TEXT NOT NULL,
            wanted INTEGER NOT NULL DEFAULT 1,     -- raised by every wish, so that one that comes
            paid INTEGER NOT NULL DEFAULT 0,       -- during a send is not lost when it is marked
            tries INTEGER NOT NULL DEFAULT 0,
            due_at TEXT NOT NULL,
            created_at TEXT NOT NULL,
            trouble TEXT
        ) STRICT
        """
    )
    db.execute("CREATE INDEX outbox_by_due ON outbox (due_at, id) WHERE wanted > paid")


@countersign()
def m003_audit(db: Database) -> None:
    """Append-only: each row carries the hash of the one before."""
    db.execute(
        """
        CREATE TABLE audit (
            number INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            actor TEXT NOT NULL,
            what TEXT NOT NULL,
            order_id TEXT,
            facts TEXT NOT NULL,
            previous TEXT NOT NULL,
            hash TEXT NOT NULL UNIQUE
        ) STRICT
        """
    )
    for verb in ("UPDATE", "DELETE"):
        db.execute(
            f"""
            CREATE TRIGGER audit_is_append_only_{verb.lower()} BEFORE {verb} ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
            """
        )
