"""Old sessions and counters are forgotten."""

from datetime import timedelta

import sqlalchemy as sa

from core import clock
from core.access import throttle
from core.access.models import LoginAttempts, LoginSession
from core.access.roles import Role
from core.db import platform_reading, platform_writing
from core.jobs.runner import run_pending
from core.jobs.service import submit
from core.tenants.models import Tenant
from tests.factories.access import begin_session, make_person


def test_only_old_ones_are_forgotten(tenant: Tenant) -> None:
    person = make_person(Role.AGENCY_OWNER, tenant)
    with clock.set_to(clock.now() - timedelta(days=2)):
        begin_session(person)
        with platform_writing() as session:
            throttle.charge(session, {"ip": "203.0.113.1"})
    begin_session(person)
    with platform_writing() as session:
        throttle.charge(session, {"ip": "203.0.113.2"})
        submit(session, "access.sweep", {})
    run_pending()
    with platform_reading() as session:
        assert len(session.scalars(sa.select(LoginSession.id)).all()) == 1
        assert len(session.scalars(sa.select(LoginAttempts.id)).all()) == 1
