"""Search, saved searches, bulk actions, export."""
