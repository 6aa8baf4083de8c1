"""The other cities of a province, as partners and bodies outside."""
