"""The keys of an installation: the master key outside the database, how it is changed, and what was written before there was one."""
