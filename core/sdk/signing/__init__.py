"""Signatures of vendors, as pure functions: one file a vendor, tested with the vendors' published examples.

Whoever signs says what he did over bytes and texts; nothing here opens a connection, reads a clock or keeps a secret.
"""
