"""What the outside tells us becomes calls, tickets, messages and survey answers."""
