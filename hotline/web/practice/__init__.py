"""Pages of the practice room: calls of invented people, results, examinations and certificates."""
