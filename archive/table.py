"""What a table is, as data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its type with constraints as SQL, and what it means."""

    name: str
    type: str
    description: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what one row stands for, its columns and what holds over them."""

    name: str
    description: str
    columns: tuple[Column, ...]
    constraints: tuple[str, ...] = ()
    without_rowid: bool = False

    def ddl(self) -> str:
        """The statement that makes it."""
        lines = [f"{column.name} {column.type}" for column in self.columns]
        lines.extend(self.constraints)
        tail = " WITHOUT ROWID" if self.without_rowid else ""
        return f"CREATE TABLE {self.name} (\n  " + ",\n  ".join(lines) + f"\n){tail}"

    @property
    def is_plumbing(self) -> bool:
        """Whether it is hidden from readers and left out of what is published."""
        return self.name.startswith("_")
