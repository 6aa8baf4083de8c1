"""Electronic monitoring on pages: a month of broken rules by unit, the tickets behind it, on paper and as a file."""
