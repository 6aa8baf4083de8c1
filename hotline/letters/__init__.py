"""Letters on paper: scanned, read by the machine where it can, corrected and registered by a person."""
