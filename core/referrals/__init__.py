"""Who brought whom: one inviter a person, told by `identify` or a file, read as a forest."""
