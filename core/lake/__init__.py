"""The columnar copy of touchpoints and orders: flushed from SQL, compacted, read as arrays. Rebuildable at any time."""
