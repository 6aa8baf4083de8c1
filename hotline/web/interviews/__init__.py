"""Live sessions on pages: the public page where one asks and reads, and the desk of moderator and recorder."""
