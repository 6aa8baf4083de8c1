"""The agents' desk: calls, and matters written down."""
