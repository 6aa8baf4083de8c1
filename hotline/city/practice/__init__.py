"""The city's practice room: invented callers with their keys, what may be asked, points and examinations."""
