"""Reading replies: is this one clear enough to close the matter?"""
