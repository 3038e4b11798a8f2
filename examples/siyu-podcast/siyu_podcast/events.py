"""The hosting service's webhook as events: pure functions over the request as it came."""

import json
from datetime import datetime

from core.sdk import Answer, Event, IdentityClaim, Lead, OrderSeen, Refused, Request
from core.sdk.signing.standard_webhooks import is_standard_webhook
from siyu_podcast.settings import PodcastSettings


def answer_hook(request: Request, settings: PodcastSettings) -> Answer:
    """Signed over the raw body, and fresh; the delivery's own id is what repetitions are known by."""
    message_id = request.headers.get("webhook-id", "")
    if not is_standard_webhook(
        settings.webhook_secret.get_secret_value(),
        message_id=message_id,
        timestamp=request.headers.get("webhook-timestamp", ""),
        signatures=request.headers.get("webhook-signature", ""),
        body=request.body,
        at=request.received_at,
    ):
        return Answer(accepted=False, status=401)
    return Answer(accepted=True, reply={"ok": True}, dedup_key=message_id)


def read_hook(request: Request) -> list[Event]:
    """One event a webhook. Kinds that are not understood are left out; garbage is refused."""
    try:
        told = json.loads(request.body)
        who = (
            IdentityClaim(kind="customer_id", value=told["member"]["id"]),
            IdentityClaim(kind="phone", value="+86" + told["member"]["phone"]),
        )
        at = datetime.fromisoformat(told["at"])
        match told["type"]:
            case "member.joined":
                word = str(told.get("spoken_word", "")).strip()
                return [Lead(event_id=told["id"], at=at, who=who, detail={"spoken_word": word} if word else {})]
            case "order.paid":
                return [
                    OrderSeen(
                        event_id=told["id"],
                        at=at,
                        who=who,
                        order_no=told["order_no"],
                        state="paid",
                        amount=told["amount"],
                        currency=told["currency"],
                    )
                ]
            case _:
                return []
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refused("the webhook is not one of this service", code="format") from None
