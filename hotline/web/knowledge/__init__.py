"""Pages of what the hotline knows: kept by the units, told at the desk, read by citizens."""
