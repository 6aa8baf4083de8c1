"""A backup that is proved: encrypted, restored beside the living database each night, and counted against it."""
