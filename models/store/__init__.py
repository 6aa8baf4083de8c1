"""Where the tables lie: the engine and its sessions, column types, migration, comparison, and many rows at once."""
