"""Who: saved filters over contacts, and how many they find."""
