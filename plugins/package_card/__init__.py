"""The channel `package_card`: a card in the parcel, with a serial that is redeemed once."""
