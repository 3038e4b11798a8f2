"""What is put out: a placement with its codes, the artefacts printed for it, and the page a code opens."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from core.sdk.values import Frozen, Instant, Key, Scalar, Text, Word


class PlacementDetail(BaseModel):
    """Base of a plugin's own fields on a placement (a batch, an SKU). Same rules and labels as settings, no secrets.

    Core itself reads three names, where a plugin has them: `batch` and `sku` make rows of reports, and with
    `only_after_shipping: bool = False` on, cards of the placement work only once they were activated.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, allow_inf_nan=False)


class Artwork(Frozen):
    """A picture that fills one side of what is printed; checked and drawn anew by core before it is kept."""

    side: Literal["front", "back"]
    media_type: Literal["image/png", "image/jpeg"]
    body: bytes


class Placement(Frozen):
    """One thing put out on a channel, as far as a plugin needs to know it. `detail` fits the plugin's own fields.

    `art` is the brand's own artwork; only `publish` is given it.
    """

    id: Key
    name: Word
    brand: Word = ""
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    detail: dict[Word, Scalar] = {}
    art: tuple[Artwork, ...] = ()


class Code(Frozen):
    """A serial to print, in its canonical form (`core.sdk.serials`), and the address its QR code opens.

    One that `is_personal` was made for one known person: whoever claims with it is that person.
    Where a placement has links instead of serials, `serial` is a link's code and `label` what the operator calls it.
    A card has its `number` in the batch, and a `label` where a packing list says which parcel it goes into.
    """

    serial: Key
    url: Key
    is_personal: bool = False
    label: Word = ""
    number: int = Field(default=0, ge=0)


class Artifact(Frozen):
    """A finished file: a PDF sheet, a poster, a text to paste. `name` is its file name, without folders."""

    name: Key = Field(pattern=r"^[^/\\]+$")
    media_type: Word
    body: bytes
    title: Text


class LandingField(Frozen):
    """One field of a landing's form. A `consent` is a box to tick; its label is the wording agreed to."""

    name: Key = Field(pattern=r"^[a-z][a-z0-9_]*$")
    kind: Literal["phone", "email", "text", "consent"]
    label: Text
    is_required: bool = True


class Landing(Frozen):
    """The page that a scanned code opens, as texts and fields; core renders it and takes the answer by POST.

    `done` is shown after success; `refusals` by reason: `used`, `unknown`, `mistyped`, `closed`, `early` (a card before
    it was shipped), `void` (one of a lost batch), `limited` (one more than `most_a_person` ever, or `most_an_address`
    within a day, may redeem on the channel; 0 is no limit). On the page of a shared code, core hands out `gift` once a
    person while fewer than `gift_stock` were given, and tells its number.
    With `welcome`, core asks `join_codes` for a code by which the holder of a redeemed card becomes a contact of the
    brand's account or group, and shows it under these words. `sign_in` is the vendor's address that tells who is paid a
    reward: core puts our own address in place of `{back}` and a word of one use in place of `{state}`; what comes back
    is given to `payee`.
    """

    title: Text
    texts: tuple[Text, ...] = ()
    fields: tuple[LandingField, ...] = ()
    button: Text
    done: Text
    refusals: dict[Literal["used", "unknown", "mistyped", "closed", "early", "void", "limited"], Text] = {}
    most_a_person: int = Field(default=0, ge=0)
    most_an_address: int = Field(default=0, ge=0)
    gift: Text | None = None
    gift_stock: int = Field(default=0, ge=0)
    sign_in: Word = ""
    welcome: Text | None = None


class JoinAsked(Frozen):
    """A code is wanted by which one person joins. `reference` (16 letters and digits) is what must come back with them.

    `label` says in a few words what for; it is shown to the brand's own people.
    """

    reference: Key
    label: Word = ""


class JoinCode(Frozen):
    """The code to scan, as a picture; `vendor_id` is what the vendor calls it."""

    reference: Key
    image: bytes = Field(max_length=300_000)
    media_type: Literal["image/png", "image/jpeg"]
    vendor_id: Word = ""
