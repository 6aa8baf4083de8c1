"""A ticket as people read it: its timeline, and the part that its citizen may see."""
