"""The Siyu channel `podcast`: Podcast."""
