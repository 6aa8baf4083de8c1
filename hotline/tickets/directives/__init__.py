"""Demands from above on a ticket: urges, supervision orders, instructions, explanations – with a number, a time, an answer and an end."""
