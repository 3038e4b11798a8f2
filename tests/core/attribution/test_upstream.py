"""Credit that walks up conserves the total, ends where chains end, and adds up over buckets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.attribution.catalog import built_in_models, choose_models, register_models
from core.attribution.journeys import Ints
from core.attribution.model_kinds import TouchModel
from core.attribution.packing import CellCode, CreditColumns
from core.attribution.results import CellSums
from core.attribution.sharing import per_touch
from core.attribution.sums import Sums
from core.attribution.upstream import NOBODY, UPSTREAM, Above, Upstream, climb, share_out
from tests.core.attribution.made_journeys import made_part, path_files
from tests.core.attribution.slow_reference import Path

MODELS = register_models(built_in_models())
File = list[tuple[Path, tuple[int, int, float]]]
Edges = dict[int, int]
edge_maps = st.dictionaries(st.integers(1, 9), st.integers(1, 9), max_size=9).map(
    lambda edges: {invitee: inviter for invitee, inviter in edges.items() if invitee != inviter}
)
origins = st.dictionaries(st.integers(1, 9), st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(-5, 4)))


def above_of(edges: Edges, known: dict[int, tuple[int, int, int]]) -> Above:
    invitees, people = sorted(edges), sorted(known)
    columns = [np.array([known[p][at] for p in people], np.int64) for at in range(3)]
    inviters = np.array([edges[i] for i in invitees], np.int64)
    return Above(np.array(invitees, np.int64), inviters, np.array(people, np.int64), *columns)


def model(above: Above, *, share: float = 0.3, depth: int = 3, base: str = "linear") -> Upstream:
    rule = choose_models(MODELS, names=[base])[base]
    code = CellCode(1, 0, 1)
    return Upstream(share, depth, rule, above, code, CellCode(1, -5, 10))  # type: ignore[arg-type]  # a touch model


def counted(upstream: Upstream, file: File, contacts: list[int]) -> Sums:
    journeys = made_part([path for path, _ in file], [outcome for _, outcome in file]).journeys
    ordered = [contact for contact, (_, outcome) in zip(contacts, file, strict=True) if outcome[0]]
    return upstream.count(journeys, np.array(ordered, np.int64))[UPSTREAM]


def chain(edges: Edges, contact: int, depth: int) -> list[int]:
    """The slow and plainly right way up."""
    found: list[int] = []
    at = edges.get(contact)
    while at is not None and at != contact and at not in found and len(found) < depth:
        found.append(at)
        at = edges.get(at)
    return found + [NOBODY] * (depth - len(found))


@given(
    file=path_files,
    edges=edge_maps,
    known=origins,
    share=st.floats(0, 1),
    depth=st.integers(1, 4),
    base=st.sampled_from(["first", "last_non_direct", "linear", "position"]),
    data=st.data(),
)
@settings(max_examples=150, deadline=None)
def test_upstream_conserves_the_total(
    file: File,
    edges: Edges,
    known: dict[int, tuple[int, int, int]],
    share: float,
    depth: int,
    base: str,
    data: st.DataObject,
) -> None:
    contacts = data.draw(st.lists(st.integers(1, 9), min_size=len(file), max_size=len(file)))
    one_placement = {person: (channel, 0, day) for person, (channel, _, day) in known.items()}
    found = counted(model(above_of(edges, one_placement), share=share, depth=depth, base=base), file, contacts)
    conversions, value = (sum(column) for column in zip(*((o[0], o[2]) for _, o in file), strict=True))
    assert found.amounts[0].sum() == pytest.approx(conversions, rel=1e-12, abs=1e-12)
    assert found.amounts[1].sum() == pytest.approx(value, rel=1e-12, abs=1e-12)
    assert (found.amounts >= -1e-12 * max(conversions, value)).all()


@given(edges=edge_maps, depth=st.integers(1, 5))
@settings(max_examples=100, deadline=None)
def test_climb_equals_a_slow_walk(edges: Edges, depth: int) -> None:
    contacts: Ints = np.arange(1, 10, dtype=np.int64)
    found = climb(contacts, above_of(edges, {}), depth=depth)
    assert found.tolist() == [chain(edges, int(contact), depth) for contact in contacts]


@given(file=path_files, edges=edge_maps, known=origins, cut=st.integers(0, 8))
@settings(max_examples=50, deadline=None)
def test_upstream_adds_up_over_buckets(
    file: File, edges: Edges, known: dict[int, tuple[int, int, int]], cut: int
) -> None:
    upstream = model(above_of(edges, {p: (c, 0, d) for p, (c, _, d) in known.items()}))
    contacts = [1 + i % 9 for i in range(len(file))]
    whole = counted(upstream, file, contacts)
    parts = counted(upstream, file[:cut], contacts[:cut]) + counted(upstream, file[cut:], contacts[cut:])
    np.testing.assert_array_equal(parts.key, whole.key)
    np.testing.assert_allclose(parts.amounts, whole.amounts, rtol=1e-12, atol=1e-12)


def test_levels_get_geometric_parts() -> None:
    yes = np.ones((1, 3), np.bool_)
    assert share_out(yes, yes, share=0.5).tolist() == [[0.5, 0.25, 0.125, 0.125]]
    short = np.array([[True, True, False]])
    assert share_out(short, short, share=0.5).tolist() == [[0.5, 0.25, 0.25, 0.0]]
    assert share_out(~yes, ~yes, share=0.5).tolist() == [[1.0, 0.0, 0.0, 0.0]]


def test_unknown_origin_stays_below() -> None:
    yes = np.ones((1, 3), np.bool_)
    middle = np.array([[True, False, True]])
    assert share_out(yes, middle, share=0.5).tolist() == [[0.5, 0.375, 0.0, 0.125]]
    assert share_out(yes, ~yes, share=0.5).tolist() == [[1.0, 0.0, 0.0, 0.0]]


def test_parts_lie_where_inviters_joined() -> None:
    above = above_of({7: 8, 8: 9}, {8: (2, 0, 4), 9: (3, 0, -5)})
    file: File = [(("a", "b"), (1, 0, 100.0))]
    found = counted(model(above, share=0.2), file, [7])
    columns = CellCode(1, -5, 10).unpack(CellSums(found.key, found.amounts[0], found.amounts[1]))
    assert isinstance(columns, CreditColumns)
    rows = zip(columns.channel.tolist(), columns.day.tolist(), columns.value.tolist(), strict=True)
    expected = [(0, 0, 40.0), (1, 0, 40.0), (2, 4, 16.0), (3, -5, 4.0)]
    assert [row[:2] for row in rows] == [row[:2] for row in expected]
    np.testing.assert_allclose(columns.value, [row[2] for row in expected])


@given(file=path_files, edges=edge_maps, known=origins)
@settings(max_examples=30, deadline=None)
def test_no_share_is_the_base(file: File, edges: Edges, known: dict[int, tuple[int, int, int]]) -> None:
    upstream = model(above_of(edges, {p: (c, 0, d) for p, (c, _, d) in known.items()}), share=0.0)
    found = counted(upstream, file, [1 + i % 9 for i in range(len(file))])
    journeys = made_part([path for path, _ in file], [outcome for _, outcome in file]).journeys
    base: TouchModel = upstream.base
    weights = per_touch(journeys, base.credits(journeys)) * journeys.spread(journeys.conversions)
    np.testing.assert_allclose(found.amounts[0].sum(), weights.sum())
    by_channel = np.bincount(journeys.channel, weights, minlength=4)
    np.testing.assert_allclose(np.bincount(found.key // 10, found.amounts[0], minlength=4), by_channel)
