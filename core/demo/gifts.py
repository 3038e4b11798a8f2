"""The demo's red packets: cards that earn, people who take them and join the brand's WeCom, at simulated vendors."""

from datetime import timedelta
from urllib.parse import urlsplit

import httpx
from werkzeug.test import Client

from core import clock, settings
from core.demo.brands import DAYS
from core.demo.hand import PHONE, Hand
from core.demo.stall import Stall
from core.jobs.runner import run_pending

CARDS, TAKERS, JOINERS = 6, 4, 4
"""How many cards of the last evening earn, how many people take the money, how many join. Few: the demo is quick."""

RULE = {"kind": "transfer", "low": "0.50", "high": "3.00", "daily": "200.00", "per_person": 3}


def reward_cards(stall: Stall) -> None:
    """Let the brand's cards earn from its last evening on; what is left of its parcels goes on doing so."""
    evening = stall.start + timedelta(days=DAYS, hours=-4)
    with stall.hand.at(evening):
        _set_up(stall)
        for number in range(min(CARDS, len(stall.serials))):
            _claim(stall.hand, stall.serials.pop(), f"+86173{number:08}")
        run_pending(queues=("quick",))
        for vendor, what, count in (("wechat_pay", "confirm", TAKERS), ("wecom", "scan", JOINERS)):
            _let_happen(stall.hand, vendor, what, count)
    with clock.set_to(evening + timedelta(minutes=1)):
        stall.hand.vendors.queue.deliver_due()
        run_pending(queues=("quick",))


def _set_up(stall: Stall) -> None:
    """The accounts, the addresses that the vendors call, and what a card earns."""
    pay, wecom = stall.hand.vendors.vendors["wechat_pay"].account, stall.hand.vendors.vendors["wecom"]
    account: dict[str, object] = {**wecom.account}
    account |= {name: [account[name]] for name in ("wecom_staff", "wecom_chats")}
    path = stall.path(f"/channels/{stall.channels['card']}")
    secret = stall.hand.ask("POST", f"{path}/secrets")["hook_url"].rpartition("/")[2]
    hook = f"http://localhost:{settings.current().api_port}/hooks/{secret}"
    given = {**pay, **account, "pay_notify_url": hook, "wecom_join": "staff"}
    stall.hand.ask("PUT", path, body={"name": "包裹卡 Package cards", "settings": given})
    wecom.hooks[""] = hook
    stall.hand.ask("PUT", stall.path(f"/rewards/rules/{stall.channels['card']}"), body=RULE)


def _claim(hand: Hand, serial: str, phone: str) -> None:
    """Redeem a card and sign in at the simulated WeChat."""
    visitor = Client(hand.app)
    visitor.get(f"/c/{serial}", headers=PHONE)
    page = visitor.post(f"/c/{serial}", data={"phone": phone}, headers=PHONE).headers.get("Location", "")
    away = visitor.post(page, headers=PHONE).headers.get("Location", "") if page.startswith("/r/") else ""
    if not away.startswith("http"):
        return
    back = httpx.get(away.partition("#")[0], follow_redirects=False, trust_env=False).headers.get("location", "")
    parts = urlsplit(back)
    visitor.get(f"{parts.path}?{parts.query}", headers=PHONE)


def _let_happen(hand: Hand, vendor: str, what: str, count: int) -> None:
    for _ in range(count):
        try:
            hand.vendors.tell(vendor, what, {})
        except ValueError:
            return
