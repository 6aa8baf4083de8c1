"""Where the districts of a city lie: their outlines as data, and in which of them a point is."""
