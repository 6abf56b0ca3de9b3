"""What a part of an address may be."""

from __future__ import annotations

from starlette.convertors import Convertor

from pathway.web import typed


class Number(Convertor[int]):
    """The number of a row. One that no column can hold counts as the largest, which no row has."""

    regex = "[0-9]+"

    def convert(self, value: str) -> int:
        """The number."""
        return typed.whole(value) or (0 if not value.strip("0") else typed.LARGEST)

    def to_string(self, value: int) -> str:
        """The part of an address."""
        return str(value)
