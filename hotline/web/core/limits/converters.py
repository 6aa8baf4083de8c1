"""Numbers of rows in addresses: one that no database can hold is an address that does not exist, not an error."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import IntegerConverter

LARGEST = 2**63 - 1


class RowNumber(IntegerConverter):
    """`<int:…>` in plain digits, up to the largest number of a row."""

    regex = "[0-9]+"

    def __init__(self, *args: Any, **more: Any):
        super().__init__(*args, **{"max": LARGEST, **more})
