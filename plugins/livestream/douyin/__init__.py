"""Douyin: open-platform webhooks and the live push."""
