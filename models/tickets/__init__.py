"""A ticket and all that hangs on it: its history, clocks, replies, petitions, proposals and files."""
