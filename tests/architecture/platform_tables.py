"""Tables without a tenant's guard, each with the reason why it may stand above tenants. Reviewed when it grows."""

PLATFORM = {
    "agency": "owns tenants",
    "tenant": "is the tenant",
    "app_user": "a person may work for several brands of one agency",
    "membership": "says who may enter which brand, before one is entered",
    "invitation": "belongs to a person",
    "login_session": "belongs to a person; looked up before any brand is entered",
    "api_key": "looked up before any brand is entered",
    "login_attempts": "counts digests of accounts and addresses; no brand is known yet",
    "audit_log": "one chain an agency, over all its brands; read through the reach of roles",
    "audit_head": "the end of that chain",
    "address": "digest of a code, hook secret or write key -> tenant and target; looked up before any brand is entered",
    "job": "the dispatcher serves all brands; rows name their owner, and services ask for it",
    "schedule": "standing jobs of the platform and of brands; rows name their owner",
    "kept_answer": "sealed answers to repeated requests, by digest of the caller",
    "alembic_version": "which migrations have run",
}
