"""What each job does, when the clock acts, and how an installation is built: a job starts again at the top."""
