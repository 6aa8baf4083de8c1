"""A city's 12345 hotline: the application above the four ground-floor rooms."""
