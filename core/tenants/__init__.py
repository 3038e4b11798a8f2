"""Agencies and their tenants (brands)."""
