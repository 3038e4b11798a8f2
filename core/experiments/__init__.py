"""Did it work? A part of the people is held out by lot, and what both arms bought is compared."""
