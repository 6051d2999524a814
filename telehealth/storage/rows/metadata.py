"""What all tables share: names of constraints, and the two columns of a sealed value."""

from typing import Any

from sqlalchemy import Column, ForeignKey, LargeBinary, MetaData, String

from telehealth.storage.types import Blank

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def sealed(*, nullable: bool = False) -> tuple[Column[Any], Column[Any]]:
    """Return the columns of a sealed value: the data key's id and the blob."""
    return Column("key_id", String, nullable=nullable), Column("sealed", LargeBinary, nullable=nullable)


def identity() -> Column[Any]:
    """Return the primary key that most tables have."""
    return Column("id", String, primary_key=True)


def refers(name: str, target: str, *, index: bool = False, unique: bool = False) -> Column[Any]:
    """Return a column that must name a row of `target`."""
    return Column(name, String, ForeignKey(f"{target}.id"), nullable=False, index=index, unique=unique)


def may_refer(name: str, target: str, *, index: bool = False) -> Column[Any]:
    """Return a column that names a row of `target` or is empty."""
    return Column(name, Blank, ForeignKey(f"{target}.id"), nullable=True, index=index)
