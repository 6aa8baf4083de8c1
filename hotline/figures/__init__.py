"""Figures by day: the history is folded into days as it goes, by the definitions of the metrics; made anew and audited at any time."""
