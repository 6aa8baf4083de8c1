"""Lists of tickets: each desk's queue, search, and turning their pages by key."""
