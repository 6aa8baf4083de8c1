"""`python -m hotline`: the command line."""

from hotline.cli.main import main

main()
