"""A province of cities, each with its own processes and database, while one of them is killed."""

from tests.bench.cells.storm import run

__all__ = ["run"]
