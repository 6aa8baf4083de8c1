"""A city of a province: every few seconds it reports its days, the head of its seals and how it works, in numbers alone."""
