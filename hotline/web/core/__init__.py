"""What every page stands on: the request's transaction, person, permission, session and errors."""
