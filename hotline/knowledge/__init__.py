"""What the hotline knows: articles and service matters with their sources, released by a second person, told while a question is typed."""
