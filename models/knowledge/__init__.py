"""What the hotline knows: articles and service matters in versions, what the desks say of them, and what nobody could answer."""
