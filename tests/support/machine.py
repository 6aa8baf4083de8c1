"""One request of a machine to the API, as the fixture `call` makes it."""

from collections.abc import Callable
from typing import Any

Call = Callable[..., Any]
Machine = Callable[..., Call]
