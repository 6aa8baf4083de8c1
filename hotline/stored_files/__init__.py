"""What happens to a stored file after its upload: looked into for viruses, and copied to a second place; nobody waits for either."""
