"""Every ticket is looked at, fairly: drawn by a plan, scored by a sheet, told, appealed and coached."""
