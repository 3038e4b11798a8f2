"""What runs in an RQ worker, one short file a job kind."""
