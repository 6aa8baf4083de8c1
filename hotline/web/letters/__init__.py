"""The letter tray: scans beside what the machine read in them, registered by an agent."""
