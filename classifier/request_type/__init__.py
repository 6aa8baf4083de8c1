"""What does the caller want, and how urgently?"""
