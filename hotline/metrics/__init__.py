"""Questions over history: every figure is computed from raw facts by a versioned definition, and owns no data."""
