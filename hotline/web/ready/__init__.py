"""Pages of ready words and macros: kept by their owners, put into any form of the desks and run on any ticket by one key."""
