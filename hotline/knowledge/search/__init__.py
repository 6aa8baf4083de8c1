"""How an article is found while a question is typed: an index in memory, and the mark below which nothing is shown."""
