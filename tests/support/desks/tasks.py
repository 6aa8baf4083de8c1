"""The daily tasks of every desk, in the order of the table."""

from tests.support.desks import agents_tasks, offices_tasks
from tests.support.desks.hand import TASKS, Hand, Task, table

__all__ = ["TASKS", "Hand", "Task", "agents_tasks", "offices_tasks", "table"]
