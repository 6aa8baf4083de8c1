"""How patterns are compiled and where they are read: late, behind a look at their first sign, and only where their words stand."""
