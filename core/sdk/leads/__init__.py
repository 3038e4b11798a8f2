"""Leads: forms that people fill in at a vendor's, read into one shape. Pure; one file a vendor.

A plugin reads a vendor's body into `LeadForm`s and turns each into events by `lead_events`. Nothing here opens a
connection or reads a clock; the same body gives the same events.
"""

from core.sdk.leads.consent import ConsentRule
from core.sdk.leads.form import LeadForm, lead_events
from core.sdk.leads.phones import full_phone

__all__ = ["ConsentRule", "LeadForm", "full_phone", "lead_events"]
