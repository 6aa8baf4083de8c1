"""The review desk: request and reply side by side."""
