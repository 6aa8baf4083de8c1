"""What a reply promises: dates read from words, and plans that name no day."""
