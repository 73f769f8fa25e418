"""What the tables of ours have in common: names of constraints, row numbers, moments."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, Text
from sqlalchemy.types import TypeDecorator, TypeEngine


def make_metadata() -> MetaData:
    """An empty set of tables. Every constraint has a name, so that a later migration can speak of it."""
    return MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )


# SQLite counts rows by itself only in a column that is called INTEGER.
NUMBER = BigInteger().with_variant(Integer, "sqlite")

# Fixed width, so that text sorts as time does.
_ISO = "%Y-%m-%dT%H:%M:%S.%f+00:00"


def to_text(moment: datetime) -> str:
    """A moment as both databases read it. Raises ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone is not kept")
    return moment.astimezone(UTC).strftime(_ISO)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: ISO text in UTC on SQLite, `timestamptz` on PostgreSQL. Raises ValueError for a time without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:  # noqa: D102 -- SQLAlchemy's own method
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | datetime | None:  # noqa: D102 -- same
        if value is None:
            return None
        text = to_text(value)
        return text if dialect.name == "sqlite" else value

    def process_result_value(self, value: str | datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002, D102 -- same
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.astimezone(UTC) if moment is not None else None
