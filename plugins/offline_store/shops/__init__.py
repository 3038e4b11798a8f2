"""The systems that tell of orders: one file each."""
