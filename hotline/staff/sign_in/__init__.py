"""Proving who one is: passwords, codes of a telephone, security keys, and what a provider of the city says."""
