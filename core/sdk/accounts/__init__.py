"""Vendor accounts that several channels work with, one file a vendor."""
