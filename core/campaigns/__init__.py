"""Who gets what, when: a one-off send to an audience, in batches that never double."""
