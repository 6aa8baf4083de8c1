"""What another platform is told of which tickets, and how its own words are read: a row of the city's partners.yaml each."""
