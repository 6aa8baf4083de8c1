"""People: citizens, and the staff with their sessions, drafts and tokens."""
