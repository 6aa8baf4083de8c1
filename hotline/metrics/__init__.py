"""Questions over history: figures by versioned definitions, counted from raw facts or read from the days into which these are folded."""
