"""The database's own refusal to change or remove what is in the ledger (design law 5), on SQLite and PostgreSQL.

Retention is the one door out: while a permit row stands, entries whose deed is older than it says may be deleted.
`missing` lists what is not there, for `rollcall check`: a table rebuild on SQLite drops triggers silently.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("registers_entry", "registers_submission")

_OLD_ENOUGH = (
    "EXISTS (SELECT 1 FROM registers_retentionpermit p, journal_deed d WHERE d.id = OLD.deed_id AND d.at < p.before)"
)
_REFUSAL = "the register is a ledger: entries are added, never changed or removed"


def _sqlite(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN NOT {_OLD_ENOUGH} "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
        # INSERT OR REPLACE would delete a row without telling the delete trigger.
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} e "
        f"WHERE e.id = NEW.id OR (e.school_id = NEW.school_id AND e.number = NEW.number)) "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    ]


_PG_FUNCTION = f"""
CREATE OR REPLACE FUNCTION rollcall_ledger_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND {_OLD_ENOUGH} THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def _postgres(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION rollcall_ledger_refuses()",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION rollcall_ledger_refuses()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION rollcall_ledger_refuses()",
    ]


def expected(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of the triggers that must be there."""
    last = "replace" if connection.vendor == "sqlite" else "truncate"
    return {f"{table}_no_{what}" for table in TABLES for what in ("update", "delete", last)}


def create(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_PG_FUNCTION)
        for table in TABLES:
            for statement in _sqlite(table) if connection.vendor == "sqlite" else _postgres(table):
                cursor.execute(statement)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: for undoing the migration, and nothing else."""
    with connection.cursor() as cursor:
        for name in sorted(expected(connection)):
            on = "" if connection.vendor == "sqlite" else f" ON {name.rsplit('_no_', 1)[0]}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
        if connection.vendor == "postgresql":
            cursor.execute("DROP FUNCTION IF EXISTS rollcall_ledger_refuses()")


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of the triggers that should be there and are not."""
    sql = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return expected(connection) - {name for (name,) in cursor.fetchall()}
