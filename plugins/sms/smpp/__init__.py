"""SMPP 3.4, the protocol of carriers and aggregators, over TCP."""
