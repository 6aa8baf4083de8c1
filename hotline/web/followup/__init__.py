"""The follow-up desk."""
