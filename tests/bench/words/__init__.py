"""Where words stand: the file that says so, made anew."""
