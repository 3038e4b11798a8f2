"""One other package from raw touches to result. Run by the Python of a venv of its own; nothing of ours is imported,
and nothing of theirs by us (ChannelAttribution is GPL): they are only run."""

import json
import resource
import sys
import time
from pathlib import Path

import duckdb


def paths(folder):
    """The journeys, aggregated by DuckDB: quicker than any of the packages would."""
    database = duckdb.connect()
    database.execute("SET threads = 2")
    made, asked = (Path(__file__).parent / "peer_paths.sql").read_text().split(";\n", 1)
    files = {"touches": f"{folder}/touches.parquet", "orders": f"{folder}/orders.parquet"}
    for name, file in files.items():
        made = made.replace(f"${name}", f"'{file}'")
    database.execute(made)
    return database.execute(asked).df()


def channel_attribution(table):
    """Three heuristics and Markov of order 1, which it simulates, with its defaults; 2 threads."""
    import ChannelAttribution

    asked = {"var_path": "path", "var_conv": "conversions", "var_value": "value", "flg_pro": False}
    rules = ChannelAttribution.heuristic_models(table, **asked)
    markov = ChannelAttribution.markov_model(table, var_null="nulls", ncore=2, verbose=False, **asked)
    return {
        "credit": {
            f"{model}/{row.channel_name}": (row[f"{name}_conversions"], row[f"{name}_value"])
            for model, name in (("first", "first_touch"), ("last", "last_touch"), ("linear", "linear_touch"))
            for _, row in rules.iterrows()
        },
        "markov": dict(zip(markov.channel_name, markov.total_conversions, strict=True)),
    }


def chances(table):
    """ChannelAttribution's own transition matrix; not timed."""
    import ChannelAttribution

    asked = {"var_path": "path", "var_conv": "conversions", "var_null": "nulls", "flg_pro": False}
    found = ChannelAttribution.transition_matrix(table, flg_equal=False, **asked)
    names = {str(key): name for key, name in found["channels"].itertuples(index=False)}
    return [
        (names.get(str(one), one), names.get(str(other), other), float(chance))
        for one, other, chance in found["transition_matrix"].itertuples(index=False)
    ]


def marketing_attribution_models(table):
    """First, last, linear and Markov of order 1."""
    import polars
    from mam import MAM

    both = [
        table[["path"]].assign(converted=done, times=table[column])
        for done, column in ((True, "conversions"), (False, "nulls"))
    ]
    frame = polars.concat([polars.from_pandas(one[one.times > 0]) for one in both])
    model = MAM(
        df=frame,
        format_type="grouped_journey",
        channels_colname="path",
        journey_with_conv_colname="converted",
        occurrences_colname="times",
    )
    credit = {}
    for name, result in (
        ("first", model.run_first_click()),
        ("last", model.run_last_click()),
        ("linear", model.run_linear()),
    ):
        channel, amount = result.to_polars().columns[:2]
        for row in result.to_polars().iter_rows(named=True):
            credit[f"{name}/{row[channel]}"] = (row[amount], None)
    removal = model.run_markov().metadata["removal_effect"]["removal_effect"]
    return {"credit": credit, "removal": {channel: float(effect) for channel, effect in removal.items()}}


def main(package, folder):
    """Time it, then tell."""
    wall, cpu = time.perf_counter(), time.process_time()
    table = paths(folder)
    aggregation = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    told = globals()[package](table)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    told |= {"aggregation": aggregation, "paths": len(table)}
    if package == "channel_attribution":
        told["chances"] = chances(table)
    print(json.dumps({"wall": wall, "cpu": cpu, "peak": peak, "told": told}, default=str))


main(*sys.argv[1:])
