"""The job table (outbox), the dispatcher that rings Redis, and the rules a worker runs by."""
