"""A city's 12345 hotline: the application above the four ground-floor rooms."""

import os

# Every problem here is small, and the processes are many: linear algebra in several threads only waits for itself
# (the reply judge costs 5 s of CPU so, and 0.4 s with one). Said before numpy is loaded; the environment may say otherwise.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
