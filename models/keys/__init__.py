"""The data keys with which hidden columns are written."""
