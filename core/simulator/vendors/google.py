"""Google's lead forms: pushed, with a key in the body."""

from pydantic import JsonValue

from core.sdk import Text
from core.simulator.lead_forms import LeadForms
from core.simulator.wire import Posting


class Google(LeadForms):
    """Vouched for by the key that was typed in at the form."""

    key = "google_forms"
    name = Text(zh="Google 线索表单", en="Google lead forms")
    account = {"google_key": "siyu-simulator-google"}

    def body(self, lead_id: str, phone: str, name: str, label: str = "") -> JsonValue:
        """As Google Ads sends it."""
        columns: JsonValue = [
            {"column_id": "PHONE_NUMBER", "column_name": "User Phone", "string_value": phone},
            {"column_id": "FULL_NAME", "column_name": "Full Name", "string_value": name},
        ]
        return {
            "lead_id": lead_id,
            "api_version": "1.0",
            "form_id": 40000000000,
            "campaign_id": 20000000001,
            "google_key": self.account["google_key"],
            "is_test": False,
            "user_column_data": columns,
        }

    def forge(self, posting: Posting) -> Posting:
        """Without the key nobody can write a body that is believed."""
        body = posting.body.replace(self.account["google_key"].encode(), b"guess")
        return Posting(posting.url, body, posting.headers, posting.method)
