"""What the city shows of closed matters: by consent, read by a person first, with nobody to be recognised in it."""
