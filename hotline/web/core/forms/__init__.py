"""Forms: drawn from the life-cycle table, kept while they are typed, and done once however often they are sent."""
