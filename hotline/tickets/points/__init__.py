"""Where on the map a matter is: told with a point, kept hidden, and looked for by squares of about a kilometre."""
