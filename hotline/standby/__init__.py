"""A second site: a streaming copy of the database, the switch-over to it, and an honest word of what had not arrived."""
