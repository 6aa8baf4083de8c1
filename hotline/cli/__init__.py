"""The command line: set up, run and look after the hotline."""
