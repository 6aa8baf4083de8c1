"""What keeps a city from losing anything: backups, stored files, and the standby of its database."""
