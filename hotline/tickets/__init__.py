"""The heart: what a ticket can do, who may do it, and the one door through which it is done."""
