"""Who should handle it, and how sure are we? A proposal with reasons a person can read."""
