"""The numbered versions of the tables, with one head."""
