"""Read-only questions: how a brand does, which channel did it, and all brands of an agency side by side."""
