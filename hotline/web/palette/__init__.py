"""The command palette: from every page to every page, to a ticket by its number, and to what may be done there."""
