"""The pages, in the groups and the order of the menu, and what a role needs to see each."""

from collections.abc import Callable
from dataclasses import dataclass

from admin_ui.session import Here
from admin_ui.views import (
    agency,
    attribution,
    campaigns,
    channels,
    contacts,
    experiments,
    imports,
    jobs,
    order,
    overview,
    people,
    placements,
    referrals,
    rewards,
    stores,
    time,
)


@dataclass(frozen=True)
class PageDef:
    """One page: `code` is its address and the key of its title; any one of `scopes` opens it."""

    group: str
    code: str
    icon: str
    draw: Callable[[], None]
    scopes: tuple[str, ...]
    of_agency: bool = False

    def opens_for(self, moment: Here) -> bool:
        """Whether the reader may see it, in this brand."""
        if self.of_agency:
            return moment.me.role is not None
        if not moment.brand.id:
            return self.code == "overview"
        return any(moment.can(scope) for scope in self.scopes)


PAGES = (
    PageDef("today", "overview", ":material/space_dashboard:", overview.draw, ("insights:read",)),
    PageDef("today", "agency", ":material/apartment:", agency.draw, (), of_agency=True),
    PageDef("reach", "placements", ":material/local_post_office:", placements.draw, ("placements:read",)),
    PageDef("reach", "campaigns", ":material/campaign:", campaigns.draw, ("campaigns:read",)),
    PageDef("reach", "rewards", ":material/redeem:", rewards.draw, ("rewards:read",)),
    PageDef("reach", "stores", ":material/storefront:", stores.draw, ("placements:read",)),
    PageDef("people", "contacts", ":material/group:", contacts.draw, ("contacts:read",)),
    PageDef("people", "referrals", ":material/account_tree:", referrals.draw, ("contacts:read",)),
    PageDef("results", "attribution", ":material/balance:", attribution.draw, ("attribution:read",)),
    PageDef("results", "order", ":material/receipt_long:", order.draw, ("attribution:read",)),
    PageDef("results", "time", ":material/schedule:", time.draw, ("insights:read",)),
    PageDef("results", "experiments", ":material/science:", experiments.draw, ("attribution:read",)),
    PageDef("settings", "channels", ":material/hub:", channels.draw, ("channels:read",)),
    PageDef("settings", "import", ":material/upload_file:", imports.draw, ("imports:read",)),
    PageDef("settings", "jobs", ":material/pending_actions:", jobs.draw, ("jobs:read",)),
    PageDef("settings", "people", ":material/badge:", people.draw, ("people:read", "keys:read", "audit:read")),
)
