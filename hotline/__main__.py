"""`python -m hotline`: the command line."""

import gc

# A start makes a million objects that stay; walking them again and again is a quarter of it.
gc.set_threshold(100_000, 20, 20)

from hotline.cli.main import main  # noqa: E402

main()
