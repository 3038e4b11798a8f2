"""Which source earned what: pure model kernels over arrays, runs over the lake, credits and receipts."""
