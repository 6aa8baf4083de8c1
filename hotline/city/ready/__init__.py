"""What a city brings along as ready words and macros, and how the places in them are written."""
