"""The citizens of a ticket: everybody who stands behind it, and who wants no texts."""
