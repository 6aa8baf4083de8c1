"""After a reply has passed: the question to every citizen behind the ticket, and what their answers do."""
