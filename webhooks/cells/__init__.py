"""Between cities and their province: signed reports of each city's days, and matters that one city hands to another."""
