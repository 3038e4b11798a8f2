"""Printed cards on their way: activated when shipped, voided when lost, tied to the orders that they lie in."""
