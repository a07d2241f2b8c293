"""The later steps of the schema, in their order; a step that has landed is never edited."""

from decimal import Decimal

from sqlite_utils import Database

from bot.domain.budgets import counted
from storage.schema import countersign


@countersign()
def m004_doubt(db: Database) -> None:
    """What look-ups have shown, who settles, what was asked for before, and freezes."""
    for column in (
        "alike TEXT NOT NULL DEFAULT '[]'",  # equal orders of the day before, as first shown
        "looks TEXT",  # what the look-ups have shown so far, in short
        "proposal TEXT",  # what one person says became of it; a second one confirms
        "settled_by TEXT NOT NULL DEFAULT '[]'",
        "look_first INTEGER NOT NULL DEFAULT 0 CHECK (look_first IN (0, 1))",
    ):
        db.execute(f"ALTER TABLE orders ADD COLUMN {column}")
    db.execute("CREATE INDEX orders_by_terms ON orders (provider, asset, spend_amount, created_at)")
    db.execute(
        """
        CREATE TABLE evidence (
            order_id TEXT NOT NULL REFERENCES orders (id),
            number INTEGER NOT NULL,
            at TEXT NOT NULL,
            place TEXT NOT NULL,                   -- where was looked
            shown TEXT NOT NULL CHECK (shown IN ('match', 'candidates', 'nothing', 'unread')),
            rule TEXT NOT NULL,                    -- which rule decided what it means
            facts TEXT NOT NULL,
            PRIMARY KEY (order_id, number)
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute(
        """
        CREATE TABLE freezes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL CHECK (kind IN ('everything', 'provider', 'asset')),
            name TEXT NOT NULL,                    -- of the provider or asset; '' for everything
            reason TEXT NOT NULL,
            set_by TEXT NOT NULL,                  -- a user id, or 'operator NAME'
            set_at TEXT NOT NULL,
            lift_asked_by TEXT,                    -- the first of the two who lift it
            lift_asked_at TEXT,
            lifted_by TEXT,
            lifted_at TEXT,
            channel TEXT,                          -- where its message stands
            ts TEXT
        ) STRICT
        """
    )
    db.execute("CREATE UNIQUE INDEX freezes_active ON freezes (kind, name) WHERE lifted_at IS NULL")


@countersign()
def m005_outbox_kinds(db: Database) -> None:
    """Which kinds of messages there are is for the code to say: a table cannot change a CHECK."""
    db.execute(
        """
        CREATE TABLE outbox_new (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL UNIQUE,              -- a repeated wish is one row
            kind TEXT NOT NULL,
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
    db.execute("INSERT INTO outbox_new SELECT * FROM outbox")
    db.execute("DROP TABLE outbox")
    db.execute("ALTER TABLE outbox_new RENAME TO outbox")
    db.execute("CREATE INDEX outbox_by_due ON outbox (due_at, id) WHERE wanted > paid")


@countersign()
def m006_payment(db: Database) -> None:
    """Who pays an order that has to be paid, by when; and numbers that a signature uses once."""
    for column in (
        "payer TEXT",
        "pay_by TEXT",
        "instructed INTEGER NOT NULL DEFAULT 0 CHECK (instructed IN (0, 1))",
        "reminded INTEGER NOT NULL DEFAULT 0 CHECK (reminded IN (0, 1))",
        "paid_by TEXT",  # who said that it is paid; the vendor has still to be told
        "paid_code TEXT",
    ):
        db.execute(f"ALTER TABLE orders ADD COLUMN {column}")
    db.execute(
        """
        CREATE TABLE nonces (
            account TEXT PRIMARY KEY,
            last INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """
    )


@countersign()
def m007_budgets(db: Database) -> None:
    """On which budgets an order draws, what is in doubt apart from what is reserved, and an index
    that finds one window without looking at years."""
    db.execute("ALTER TABLE orders ADD COLUMN budgets TEXT NOT NULL DEFAULT '[]'")
    db.execute(
        """
        CREATE TABLE reservations_new (
            order_id TEXT PRIMARY KEY REFERENCES orders (id),
            requester TEXT NOT NULL,
            provider TEXT NOT NULL,
            asset TEXT NOT NULL,
            amount TEXT NOT NULL CHECK (amount NOT GLOB '*[^0-9.]*'),
            currency TEXT NOT NULL,
            at TEXT NOT NULL,                      -- the instant of its approval
            status TEXT NOT NULL CHECK (status IN ('reserved', 'in_doubt', 'spent', 'released')),
            marks TEXT NOT NULL DEFAULT ''         -- of the budgets on which it drew then
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute(
        """
        INSERT INTO reservations_new
        SELECT r.order_id, r.requester, r.provider, r.asset, r.amount, r.currency, r.at,
            CASE
                WHEN o.state = 'in_doubt' OR (o.state = 'submitting' AND o.doubted) THEN 'in_doubt'
                WHEN o.state = 'reversed' OR (o.state = 'failed' AND o.paid_by IS NOT NULL)
                    THEN 'spent'                   -- that it came back is not known
                ELSE r.status
            END, ''
        FROM reservations AS r JOIN orders AS o ON o.id = r.order_id
        """
    )
    db.execute("DROP TABLE reservations")
    db.execute("ALTER TABLE reservations_new RENAME TO reservations")
    db.execute(
        "CREATE INDEX reservations_by_window ON reservations (currency, at, status, amount,"
        " requester, provider, asset, marks) WHERE status <> 'released'"
    )


@countersign()
def m008_owed_since(db: Database) -> None:
    """Since when each message is owed: neither a retry nor one more wish makes it younger."""
    db.execute("ALTER TABLE outbox ADD COLUMN owed_since TEXT")
    db.execute("UPDATE outbox SET owed_since = created_at")


@countersign()
def m009_recipient(db: Database) -> None:
    """Who receives what is bought belongs to what people agree to."""
    db.execute("ALTER TABLE orders ADD COLUMN recipient TEXT")


@countersign()
def m009_cards_by_place(db: Database) -> None:
    """Whose card stands where: what is asked in the thread of a card is about its order."""
    db.execute("CREATE INDEX cards_by_place ON cards (channel, ts)")


@countersign()
def m010_by_person(db: Database) -> None:
    """What somebody has asked for or decided, without reading what all others have."""
    db.execute("CREATE INDEX orders_by_requester ON orders (requester, created_at)")
    db.execute("CREATE INDEX votes_by_voter ON votes (voter)")


@countersign()
def m011_routines(db: Database) -> None:
    """What the clock does once for each local time: begun, its message sent, done."""
    db.execute(
        """
        CREATE TABLE routines (
            name TEXT NOT NULL,                    -- such as 'digest'
            occurrence TEXT NOT NULL,              -- the local wall time that it is for
            begun_at TEXT NOT NULL,
            sending TEXT,                          -- boot id of who was about to send its message
            done_at TEXT,
            facts TEXT,
            PRIMARY KEY (name, occurrence)
        ) STRICT, WITHOUT ROWID
        """
    )


@countersign()
def m012_reminders(db: Database) -> None:
    """When those who have not voted are reminded, how often they were, and who wants silence."""
    for column in (
        "remind_at TEXT",
        "reminders INTEGER NOT NULL DEFAULT 0",
        "snoozes TEXT NOT NULL DEFAULT '[]'",
    ):
        db.execute(f"ALTER TABLE orders ADD COLUMN {column}")


@countersign()
def m013_whole_amounts(db: Database) -> None:
    """Totals were kept with all digits that a vendor gave; what counts in budgets has those of its
    currency, rounded up, so that nobody has to look at them again when they are added."""
    rows = db.execute("SELECT order_id, amount, currency FROM reservations").fetchall()
    for order_id, amount, currency in rows:
        whole = format(counted(Decimal(amount), currency), "f")
        if whole != amount:
            db.execute("UPDATE reservations SET amount = ? WHERE order_id = ?", (whole, order_id))


@countersign()
def m014_ledger(db: Database) -> None:
    """The orders of a month, by the instant at which budgets count them."""
    db.execute("CREATE INDEX reservations_by_time ON reservations (at)")


@countersign()
def m015_comparisons(db: Database) -> None:
    """Our records held against the providers' lists: the last time, and what was told of it."""
    db.execute(
        """
        CREATE TABLE comparisons (
            provider TEXT PRIMARY KEY,
            tried_at TEXT NOT NULL,
            trouble TEXT,                          -- why it could not be compared then
            compared_at TEXT,                      -- when it last could
            unexplained INTEGER NOT NULL DEFAULT 0 -- found at that time
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute(
        """
        CREATE TABLE findings (
            provider TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('theirs', 'ours', 'differs')),
            name TEXT NOT NULL,                    -- the provider's reference, or the order's id
            what TEXT NOT NULL,                    -- as it was last told
            found_at TEXT NOT NULL,
            PRIMARY KEY (provider, kind, name)
        ) STRICT, WITHOUT ROWID
        """
    )


@countersign()
def m016_explanations(db: Database) -> None:
    """What people know of a difference, and in which comparison each was last seen."""
    db.execute(
        """
        CREATE TABLE explanations (
            provider TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('theirs', 'ours', 'differs')),
            name TEXT NOT NULL,
            what TEXT NOT NULL,                    -- what was explained; another is not
            because TEXT NOT NULL,
            actor TEXT NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (provider, kind, name)
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute("ALTER TABLE findings ADD COLUMN seen_at TEXT")
    db.execute("ALTER TABLE comparisons RENAME COLUMN unexplained TO found")


STEPS = frozenset(
    {
        "m001_orders",
        "m002_outbox",
        "m003_audit",
        "m004_doubt",
        "m005_outbox_kinds",
        "m006_payment",
        "m007_budgets",
        "m008_owed_since",
        "m009_cards_by_place",
        "m009_recipient",
        "m010_by_person",
        "m011_routines",
        "m012_reminders",
        "m013_whole_amounts",
        "m014_ledger",
        "m015_comparisons",
        "m016_explanations",
    }
)
"""The steps of this file and of the one before it, by name."""
