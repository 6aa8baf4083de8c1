"""Pages of what speaks against replies, and of what came back."""
