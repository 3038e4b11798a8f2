"""Runs, credits and receipts as they look over HTTP."""
