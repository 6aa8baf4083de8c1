"""Articles and matters as files: read from Word, Excel and CSV row by row, and written out as a workbook."""
