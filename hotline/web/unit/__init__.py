"""The unit's desk."""
