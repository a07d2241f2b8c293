"""The schema as numbered steps, forward only, applied when a database is opened.

All pending steps run inside one BEGIN IMMEDIATE, so two processes that start at once cannot both
apply them, and a crash leaves the file as it was. The steps stand in ``schema``,
``schema_since`` and ``schema_schedules``.
"""

from sqlite_utils import Database

from storage import schema_schedules, schema_since
from storage.schema import countersign

__all__ = ["STEPS", "NewerFile", "countersign", "migrate"]


STEPS = schema_since.STEPS | schema_schedules.STEPS
"""Every step this version knows, by name."""


class NewerFile(Exception):
    """A later version of the bot has written this file; this one must not touch it."""


def migrate(db: Database) -> None:
    """Apply what is missing. Raises NewerFile for a file from the future."""
    if strange := sorted({step.name for step in countersign.applied(db)} - STEPS):
        raise NewerFile(f"the database has steps that this version does not know: {strange}")
    if not countersign.pending(db):
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        countersign.apply(db)
        db.execute("COMMIT")
    except BaseException:
        if db.conn.in_transaction:
            db.execute("ROLLBACK")
        raise
