"""The work on one bucket: a pure function of its journeys, whose results add up."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from core.attribution.group_counts import count_groups
from core.attribution.journeys import Floats, Journeys, Paths, laid_together
from core.attribution.model_kinds import AnyModel, ChannelEffects, ChannelModel, Counter, channel_models, touch_models
from core.attribution.parts import Part
from core.attribution.sharing import add_up, weighed
from core.attribution.sums import Places, Sums
from core.attribution.tally import Tally, add_tallies
from core.sdk.attribution import Shares


def count_journeys(part: Part, *, models: Mapping[str, AnyModel], channels: int) -> Tally:
    """What the models need of this part. channels: how many there are, over all parts."""
    rules = touch_models(models)
    shares = [weighed(part.journeys, rule.credits(part.journeys)) for rule in rules.values()]
    sums: dict[str, Sums] = {
        "paths": _count_paths(part.paths),
        "cells": _count_cells(part.journeys, shares),
    }
    for counter in counters(models):
        sums |= counter.count(part.paths, channels=channels)
    if part.groups is not None:
        few = grouped_models(models, channels=channels)
        sums |= count_groups(part, part.groups, shares=shares, counters=counters(few), channels=channels)
    return Tally(tuple(rules), {**sums, **part.besides})


def count_neighbours(parts: Iterable[Part], *, models: Mapping[str, AnyModel], channels: int) -> tuple[Tally, Journeys]:
    """The same of one or more parts, and their orders' journeys laid together: so many that each array function takes a
    while, as threads that work on short ones wait for each other. Parts are made as they are asked for, and only their
    orders' journeys stay."""
    rules = touch_models(models)
    tallies, journeys = [], []
    for part in parts:
        alone = part.groups is not None  # what is counted by groups of contacts needs each part's shares
        count = count_journeys if alone else _count_paths_only
        tallies.append(count(part, models=models, channels=channels))
        journeys.append(part.journeys)
        del part  # before the next one is made
    together = laid_together(journeys)
    if not alone:
        shares = [weighed(together, rule.credits(together)) for rule in rules.values()]
        tallies.append(Tally(tuple(rules), {"cells": _count_cells(together, shares)}))
    return add_tallies(tallies), together


def _count_paths_only(part: Part, *, models: Mapping[str, AnyModel], channels: int) -> Tally:
    sums: dict[str, Sums] = {"paths": _count_paths(part.paths)}
    for counter in counters(models):
        sums |= counter.count(part.paths, channels=channels)
    return Tally(tuple(touch_models(models)), {**sums, **part.besides})


def solve(tally: Tally, *, models: Mapping[str, AnyModel], channels: int) -> dict[str, ChannelEffects]:
    """What the channel models find in the tally of all parts; nothing when there were none."""
    if not tally.sums:
        return {}
    judges = channel_models(models)
    return {name: model.solve(tally.sums, channels=channels) for name, model in judges.items()}


def grouped_models(models: Mapping[str, AnyModel], *, channels: int) -> dict[str, ChannelModel]:
    """The channel models that can be solved again without each group."""
    judges = channel_models(models)
    return {name: model for name, model in judges.items() if model.counter.counts_groups(channels=channels)}


def counters(models: Mapping[str, AnyModel]) -> Sequence[Counter]:
    """What the channel models want counted: of each family the deepest."""
    deepest: dict[str, Counter] = {}
    for model in channel_models(models).values():
        counter = model.counter
        known = deepest.get(counter.family)
        if known is None or known.depth < counter.depth:
            deepest[counter.family] = counter
    return list(deepest.values())


def _count_paths(paths: Paths) -> Sums:
    conversions = int(paths.conversions.sum())
    counts = np.array([[conversions + int(paths.nulls.sum())], [conversions]], np.int64)
    return Sums(np.zeros(1, np.int64), counts, np.array([[float(paths.value.sum())]])).kept()


def _count_cells(journeys: Journeys, shares: Sequence[Floats | Shares]) -> Sums:
    places = Places.of(journeys.cell)
    amounts = [row for share in shares for row in add_up(journeys, share, places=places)]
    return places.sums([places.times()], amounts)
