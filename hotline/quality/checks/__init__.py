"""What a machine finds wrong in a ticket's record: twelve kinds, each with what it rests on; a person says whether it holds."""
