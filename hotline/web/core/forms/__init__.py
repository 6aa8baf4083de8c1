"""Forms: drawn from the life-cycle table and kept while they are typed."""
