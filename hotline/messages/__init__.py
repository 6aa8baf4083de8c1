"""The voice: what is said to citizens and to staff, and the one module that speaks to the outside."""
