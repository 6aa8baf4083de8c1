"""The practice room: calls of invented people, examinations and their certificates; nothing here is a matter of the city."""
