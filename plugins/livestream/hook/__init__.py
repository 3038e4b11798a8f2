"""Any system that sends signed JSON."""
