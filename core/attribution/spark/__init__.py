"""The kernel mapped over a lake's buckets by Spark."""
