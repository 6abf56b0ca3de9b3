"""The board: a card for each contact that waits, and who is on it."""

from storage.tables.board.cards import NEVER, BoardCard
from storage.tables.board.on_it import OnIt

__all__ = ["NEVER", "BoardCard", "OnIt"]
