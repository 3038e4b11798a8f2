"""`Idempotency-Key` on POST: the same key and the same request are answered once and the same way for a day.

The key is taken before the view runs, so that two equal requests at once do not both act; a failed request gives it
back. Answers may hold a secret shown once, so they are sealed.
"""

import hashlib
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask, Response, g, request

from core import clock, settings
from core.db import insert_new, platform_writing
from core.errors import Conflict, FieldError, Invalid
from core.secrets import seal, unseal
from core.web.models import KeptAnswer

LONGEST_KEY = 200
AGAIN = "idempotency_at_work"
KEPT = timedelta(hours=24)
AT_WORK = timedelta(seconds=60)


def install_idempotency(app: Flask) -> None:
    """Answer repeated POSTs of signed-in callers from what was kept. Install it after the gate."""
    app.before_request(_take_key)
    app.after_request(_keep_answer)


def _take_key() -> Response | None:
    key = request.headers.get("Idempotency-Key")
    who = g.get("principal")
    if key is None or who is None or request.method != "POST" or request.mimetype != "application/json":
        return None
    if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
        raise Invalid(fields=[FieldError("Idempotency-Key", "malformed", "Send 1 to 200 printable characters.")])
    caller = hashlib.sha256(f"{who.kind}|{who.id}".encode()).digest()
    asked = hashlib.sha256(request.full_path.encode() + b"\0" + request.get_data()).digest()
    with platform_writing() as session:
        _forget_old(session, caller, key)
        row = {"caller": caller, "key": key, "asked": asked, "at": clock.now()}
        if insert_new(session, KeptAnswer, [row], conflict=("caller", "key")):
            g.idempotency = (caller, key)
            return None
        mine = sa.select(KeptAnswer).where(KeptAnswer.caller == caller, KeptAnswer.key == key)
        kept = session.scalars(mine).one_or_none()
    if kept is None:
        raise Conflict("The first request with this Idempotency-Key failed just now; send it again.", code=AGAIN)
    return _replay(kept, asked)


def _replay(kept: KeptAnswer, asked: bytes) -> Response:
    if kept.asked != asked:
        raise Conflict("This Idempotency-Key was used for another request.", code="idempotency_mismatch")
    if kept.status is None or kept.answer is None:
        raise Conflict("The first request with this Idempotency-Key is still at work.", code=AGAIN)
    body = unseal(settings.current().key(), kept.answer, _place(kept.caller, kept.key))
    replayed = Response(body, kept.status, content_type="application/json")
    replayed.headers["Idempotency-Replayed"] = "true"
    return replayed


def _keep_answer(response: Response) -> Response:
    taken = g.pop("idempotency", None)
    if taken is None:
        return response
    caller, key = taken
    mine = sa.and_(KeptAnswer.caller == caller, KeptAnswer.key == key)
    with platform_writing() as session:
        if response.status_code >= 400 or response.is_streamed:
            session.execute(sa.delete(KeptAnswer).where(mine))
        else:
            sealed = seal(settings.current().key(), response.get_data(), _place(caller, key))
            session.execute(sa.update(KeptAnswer).where(mine).values(status=response.status_code, answer=sealed))
    return response


def _forget_old(session: sa.orm.Session, caller: bytes, key: str) -> None:
    now = clock.now()
    stuck = sa.and_(
        KeptAnswer.caller == caller, KeptAnswer.key == key, KeptAnswer.status.is_(None), KeptAnswer.at < now - AT_WORK
    )
    session.execute(sa.delete(KeptAnswer).where(sa.or_(stuck, KeptAnswer.at < now - KEPT)))


def _place(caller: bytes, key: str) -> str:
    return f"kept_answer|{caller.hex()}|{key}|answer"
