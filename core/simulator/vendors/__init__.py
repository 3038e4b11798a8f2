"""One file a vendor; whatever subclass of `Vendor` stands in a file here is simulated."""
