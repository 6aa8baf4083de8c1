"""May somebody die now? Words and described plights, told apart from talk about them and from what is played."""
