"""Electronic monitoring: what happened as one stream, and which rules of the trade were broken, both derived from history."""
