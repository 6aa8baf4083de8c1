"""The reviewer's assistant: what a reply answers, what it leaves out, and whether a strict reviewer would send it back."""
