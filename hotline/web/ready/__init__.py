"""Pages of ready words: kept by their owners, put into any form of the desks by one key."""
