"""Electronic monitoring: the stream of what happened, and the rules that were broken."""
