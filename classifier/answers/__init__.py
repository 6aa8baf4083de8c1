"""What a citizen's text says to the question "was it settled?": nothing is read into it that is not there."""
