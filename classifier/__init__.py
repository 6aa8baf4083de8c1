"""What is it about? Text in, ranked answers out: no database, no web, no city, no clock."""
