"""Kuaishou: its webhook."""
