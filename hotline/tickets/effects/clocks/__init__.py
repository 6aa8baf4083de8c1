"""What actions write about the clocks: the ticket's nearest deadline, an overrun limit, the pause while a citizen is asked."""
