"""The city's map on a page: drawn as SVG from the outlines of the city's folder, with no tiles and nothing from outside."""
