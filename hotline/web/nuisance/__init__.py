"""Pages of marks on numbers: proposed, decided by a second person, appealed, and handed to the police as clues."""
