"""Pages of quality control: what waits to be scored, sheets, results, trends, and one's own."""
