"""A phone on the screen, for trying the hotline."""
