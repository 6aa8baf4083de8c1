"""A Chinese SMS gateway that takes templates: sending, receipts and citizens' texts."""
