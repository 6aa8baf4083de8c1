"""The second pair of eyes: what a newcomer took in, which of it waits for a colleague, and what stands in the way."""
