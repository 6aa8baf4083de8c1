"""Partners' signed posts: one post, one matter."""
