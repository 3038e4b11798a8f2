"""One file a page; each only draws."""
