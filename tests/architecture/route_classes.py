"""Every route is one of three: of a tenant, of the agency, or public. The last two stand here, each with its reason.

Routes under `/v1/tenants/<tenant>` need no entry: the gate resolves the tenant and the matrix tests them all. A new
part of a path (`<segment>`) needs one line in PARTS, so that the matrix knows which table's ids to try there.
"""

PUBLIC = {
    "/healthz": "says only that the process lives",
    "/readyz": "says only that the database answers",
    "/metrics": "counters of the process, no names; operators keep it off the internet",
    "/login": "how one comes in",
    "/logout": "ends the session of the cookie that comes with it",
    "/invite/<token>": "the token is the secret",
    "/t/<code>": "a tracked link; the code is the address",
    "/l/<code>": "the page of a shared code: customers have no account; it shows nothing of anybody",
    "/s/<secret>": "the secret in the path is the key of a clerk's page; it shows counts and takes check-ins",
    "/c/": "where a customer types the serial of a card",
    "/c/<serial>": "the page of a printed card: customers have no account; it redeems once",
    "/l/<code>/<token>": "one person's claim; the token is the secret, and works once",
    "/r/<token>": "what one card earned; the token is the secret of its holder",
    "/r/back": "the end of a sign-in; the state that comes with it is a secret, works once and for one card",
    "/hooks/<secret>": "the secret in the path finds the channel, the plugin authenticates the body",
    "/v1/track": "a write key is the password",
    "/v1/identify": "a write key is the password",
    "/v1/page": "a write key is the password",
    "/v1/screen": "a write key is the password",
    "/v1/group": "a write key is the password",
    "/v1/alias": "a write key is the password",
    "/v1/batch": "a write key is the password",
    "/v1/import": "a write key is the password",
}

AGENCY = {
    "/v1/me": "answers for the caller alone",
    "/v1/me/password": "answers for the caller alone",
    "/v1/tenants": "lists the brands within the caller's reach; opening one needs the scope on the agency",
    "/v1/people": "narrowed to brands on which the caller has people:read or :write",
    "/v1/people/<person>": "narrowed to brands on which the caller has people:write",
    "/v1/invitations": "narrowed like people, and refused beyond the caller's reach",
    "/v1/keys": "narrowed to brands on which the caller has keys:read or :write",
    "/v1/keys/<key>": "narrowed to brands on which the caller has keys:write",
    "/v1/audit": "narrowed to brands on which the caller has audit:read",
    "/v1/plugins": "says what is installed; no tenant's data",
    "/v1/agency/attribution": "narrowed to brands on which the caller has attribution:read",
    "/v1/agency/overview": "narrowed to brands on which the caller has insights:read",
}

# Parts of paths and ends of field names (`channel_id`) -> the table whose ids stand there; None: no row's id.
PARTS: dict[str, str | None] = {
    "tenant": "tenant",
    "person": "app_user",
    "key": "api_key",
    "channel": "channel",
    "placement": "placement",
    "move": "card_move",
    "sign": "card_sign",
    "refusal": "refused_redemption",
    "file": "file",
    "job": "job",
    "contact": "contact",
    "into": "contact",
    "merge": "merge_log",
    "order": "orders",
    "artifact": "placement_artifact",
    "link": "link",
    "import_id": "import",
    "segment": "segment",
    "campaign": "campaign",
    "delivery": "delivery",
    "run": "attribution_run",
    "with": "attribution_run",
    "experiment": "experiment",
    "endpoint": "webhook_endpoint",
    "payout": "reward_payout",
    "token": None,
    "code": None,
    "serial": None,
    "secret": None,
}
