"""Who handles it, and by when? Pure decisions over plain values."""
