"""Live sessions: planned with a guest, asked by page, telephone and message, answered live, written down, and published after review."""
