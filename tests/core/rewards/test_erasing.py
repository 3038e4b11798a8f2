"""A person who is forgotten is no longer named by their rewards; what was paid stays in the books."""

from core.contacts.lookup import public_ids
from core.db import reading, writing
from core.erasure.service import erase_contact
from core.simulator.stage import Simulator
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.factories.rewards import RewardingBrand


def test_erased_person_leaves_only_sums(client: RoleClient, tenant: Tenant, simulator: Simulator) -> None:
    brand = RewardingBrand(client, tenant, simulator)
    brand.claim()
    (row,) = brand.payouts()
    assert row.contact_number is not None
    with reading(tenant.number) as session:
        contact = public_ids(session, [row.contact_number])[row.contact_number]
    with writing(tenant.number) as session:
        erase_contact(session, contact)
    (row,) = brand.payouts()
    assert (row.payee, row.payee_digest, row.hand_over, row.visitor_digest) == (None, None, None, None)
    assert (row.amount_minor, row.state) == (188, "waiting")
