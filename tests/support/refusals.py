"""Asking for a refusal by its code, never by its sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from hotline.errors import Refusal


@contextmanager
def refused(code: str | Callable[..., Any], kind: type[Refusal] = Refusal) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """The block must be refused with this code, or by this guard, and with a sentence for people."""
    with pytest.raises(kind) as caught:
        yield caught
    assert caught.value.code == (code if isinstance(code, str) else code.__name__)
    assert caught.value.sentence
