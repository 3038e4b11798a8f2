"""The channel `livestream`: live sessions, what is said in them, and who came and bought by them."""
