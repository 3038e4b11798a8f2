"""A brand whose cards earn, at the simulated vendors."""

from typing import Any
from urllib.parse import urlsplit

import httpx
import sqlalchemy as sa
from werkzeug.test import Client

from core.channels.service import channel_by_number, issue_hook
from core.db import reading, writing
from core.jobs.runner import run_pending
from core.placements.cards import create_codes, serials_of
from core.placements.models import Placement, PlacementCost
from core.rewards.models import RewardPayout
from core.rewards.rules import Wanted, set_rule
from core.simulator.stage import Simulator
from core.simulator.vendors.wechat_pay import WechatPay
from core.simulator.vendors.wecom import WeCom
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.factories.channels import make_channel
from tests.factories.placements import START, make_placement
from tests.simulators import Postbox

PHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8.0.50"}
FIXED = Wanted("transfer", low_minor=188, high_minor=188)


class RewardingBrand:
    """A channel of package cards with the simulated WeChat Pay, a batch of cards and a rule."""

    def __init__(
        self, client: RoleClient, tenant: Tenant, simulator: Simulator, *, wanted: Wanted = FIXED, cards: int = 4
    ) -> None:
        self.client, self.tenant, self.simulator = client, tenant, simulator
        simulator.queue.post = Postbox(client.raw.application)
        self.channel = make_channel(tenant, "Cards", plugin="package_card", settings={**self.pay.account})
        self.placement = make_placement(tenant, "Batch", channel=self.channel, starts_at=START)
        with writing(tenant.number) as session:
            row = channel_by_number(session, self.channel.number)
            self.hook = f"http://127.0.0.1/hooks/{issue_hook(session, row)}"
            self.serials = serials_of(session, self.placement, create_codes(session, self.placement, cards))
            set_rule(session, row, None, wanted)
        self.set_up(pay_notify_url=self.hook)

    @property
    def pay(self) -> WechatPay:
        found = self.simulator.vendors["wechat_pay"]
        assert isinstance(found, WechatPay)
        return found

    def set_up(self, **settings: object) -> None:
        """Change the channel's settings as its form does; secrets stay."""
        shown = self.client.get(f"/channels/{self.channel.id}").get_json()["settings"]
        body = {"name": "Cards", "settings": {**shown, **settings}}
        said = self.client.put(f"/channels/{self.channel.id}", json=body)
        assert said.status_code == 200, said.text

    def rule(self, wanted: Wanted, placement: Placement | None = None) -> None:
        with writing(self.tenant.number) as session:
            set_rule(session, channel_by_number(session, self.channel.number), placement, wanted)

    def other_batch(self, cards: int) -> Placement:
        """One more batch; its serials come after those that there are."""
        placement = make_placement(self.tenant, "Another batch", channel=self.channel, starts_at=START)
        with writing(self.tenant.number) as session:
            self.serials += serials_of(session, placement, create_codes(session, placement, cards))
        return placement

    def redeem(self, number: int = 0, *, phone: str = "13900000001", browser: Client | None = None) -> str:
        """Redeem a card as a customer does; the secret part of the page of what it earned, or ""."""
        browser = browser or Client(self.client.raw.application)
        browser.get(f"/c/{self.serials[number]}", headers=PHONE)
        said = browser.post(f"/c/{self.serials[number]}", data={"phone": phone}, headers=PHONE)
        return str(said.headers.get("Location", "")).rpartition("/")[2] if said.status_code == 303 else ""

    def sign_in(self, token: str) -> None:
        """Press the button, sign in at the simulated WeChat, come back."""
        away = self.client.raw.post(f"/r/{token}", headers=PHONE)
        assert away.status_code == 303
        back = httpx.get(away.headers["Location"].partition("#")[0], follow_redirects=False, trust_env=False)
        assert back.status_code == 302, back.text
        parts = urlsplit(back.headers["location"])
        assert self.client.raw.get(f"{parts.path}?{parts.query}", headers=PHONE).status_code == 303

    def claim(self, number: int = 0, *, phone: str = "13900000001") -> str:
        """All the way to the person's own confirmation."""
        token = self.redeem(number, phone=phone)
        self.sign_in(token)
        run_pending()
        return token

    def take(self, what: str = "confirm") -> None:
        """The person takes the money (or does not), and the news of it arrives."""
        self.simulator.tell("wechat_pay", what, {})
        self.settle()

    def settle(self) -> None:
        self.simulator.queue.advance(86_400)
        run_pending()

    def page(self, token: str) -> str:
        return self.client.raw.get(f"/r/{token}", headers=PHONE).text

    def payouts(self) -> list[RewardPayout]:
        with reading(self.tenant.number) as session:
            return list(session.scalars(sa.select(RewardPayout).order_by(RewardPayout.id)))

    def states(self) -> list[str]:
        return [row.state for row in self.payouts()]

    def costs(self) -> list[int]:
        with reading(self.tenant.number) as session:
            return list(session.scalars(sa.select(PlacementCost.amount_minor).order_by(PlacementCost.created_at)))

    def paid(self) -> list[Any]:
        """What the simulated WeChat Pay really paid out, in fen."""
        return [bill["transfer_amount"] for bill in self.pay.bills.values() if bill["state"] == "SUCCESS"]

    @property
    def wecom(self) -> WeCom:
        found = self.simulator.vendors["wecom"]
        assert isinstance(found, WeCom)
        return found

    def join(self, how: str = "staff") -> None:
        """Lead holders of cards to the simulated WeCom."""
        account = {**self.wecom.account}
        lists = {name: [account.pop(name)] for name in ("wecom_staff", "wecom_chats")}
        self.set_up(wecom_join=how, **account, **lists)
        self.wecom.hooks[""] = self.hook

    def scan(self, state: str = "", person: str = "") -> None:
        """Somebody scans a live code; WeCom tells it."""
        self.simulator.tell("wecom", "scan", {"state": state, "person": person})
