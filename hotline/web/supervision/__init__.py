"""The supervision desk and the hot spots."""
