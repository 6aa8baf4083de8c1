"""The province on pages: its cities side by side, one city's days, and who may report here."""
