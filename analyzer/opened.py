"""Opened: the ledgers that are asked, while they are open, and what was read from them so far."""

from __future__ import annotations

from typing import Self

from analyzer.answers.shape import Document
from analyzer.archive import Archive
from analyzer.knowledge import Knowledge


class Opened:
    """One open ledger or many; a context manager that closes them."""

    def __init__(self, archive: Archive) -> None:
        """Take open ledgers; nothing is read yet."""
        self._begin(archive)

    def _begin(self, archive: Archive) -> None:
        self.archive = archive
        self._knowledge = Knowledge(archive)

    def placed(self, document: Document) -> Document:
        """Return a document or row as it is told; a fleet's names the shard of each entry."""
        return document

    def told(self, document: Document) -> Document:
        """Return an answer as it is told; a fleet's also says which shards it does without."""
        return document

    @property
    def size(self) -> int:
        """Entries that are sealed, in all."""
        return sum(self.archive.sizes())

    def close(self) -> None:
        """Close every ledger."""
        for volume in self.archive.volumes:
            volume.ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()
