"""Running the hotline: health, backups, gunicorn, and a whole city on one machine."""
