"""Foreign files read row by row: delimited text, JSON lines, workbooks old and new, whatever they say of themselves."""
