"""Times Lifetimes on the tables that the benchmark `lifetime` writes, and prints times and parameters as JSON.

python lifetime.py CDNOW.csv MILLION.csv

A table has a row for each customer: x, t_x and T in weeks, and m, the mean of its repeat purchases.
"""

import json
import os
import sys

# One core, as for the other side; before numpy is imported, which starts its threads then.
for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{library}_NUM_THREADS"] = "1"

import statistics
import time
import warnings

import numpy
import pandas
from lifetimes import BetaGeoFitter, GammaGammaFitter

warnings.filterwarnings("ignore")

WEEKS = 52
"""Purchases are expected of so many weeks to come."""

MONTHS, MONTHLY_DISCOUNT = 12, 0.01
"""The value of a customer is of so many months, which Lifetimes takes for 4.345 weeks."""

measured = {}


def timed(name, runs, work):
    """Keeps the median of the seconds that `work` takes, and returns what it made last."""
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        made = work()
        seconds.append(time.perf_counter() - start)
    measured[name] = statistics.median(seconds)
    print(f"  {name}: {measured[name]:.3f} s", file=sys.stderr)
    return made


def grouped(table):
    """The same rows once, with the number of customers that have them."""
    rows = table.groupby(["x", "t_x", "T"], sort=False).size().reset_index(name="customers")
    return BetaGeoFitter().fit(rows.x, rows.t_x, rows["T"], weights=rows.customers)


def predict(fitted, table):
    alive = fitted.conditional_probability_alive(table.x, table.t_x, table["T"])
    purchases = fitted.conditional_expected_number_of_purchases_up_to_time(
        WEEKS, table.x, table.t_x, table["T"]
    )
    return numpy.asarray(alive), numpy.asarray(purchases)


def value(spending, fitted, table):
    return spending.customer_lifetime_value(
        fitted, table.x, table.t_x, table["T"], table.m,
        time=MONTHS, discount_rate=MONTHLY_DISCOUNT, freq="W",
    )


def main(cdnow, million):
    cdnow, million = pandas.read_csv(cdnow), pandas.read_csv(million)
    spenders = million[million.x > 0]
    small = timed(
        "fit_cdnow", 9, lambda: BetaGeoFitter().fit(cdnow.x, cdnow.t_x, cdnow["T"])
    )
    large = timed("fit_grouped", 3, lambda: grouped(million))
    each = timed(
        "fit_each", 1, lambda: BetaGeoFitter().fit(million.x, million.t_x, million["T"])
    )
    alive, purchases = timed("predict", 3, lambda: predict(large, million))
    spending = timed(
        "fit_spending", 3, lambda: GammaGammaFitter().fit(spenders.x, spenders.m)
    )
    worth = timed("value", 1, lambda: value(spending, large, million))
    json.dump(
        {
            "seconds": measured,
            "cdnow": dict(small.params_),
            "million": dict(large.params_),
            "million_each": dict(each.params_),
            "spending": dict(spending.params_),
            "alive": float(alive.sum()),
            "purchases": float(purchases.sum()),
            "value": float(worth.sum()),
        },
        sys.stdout,
    )


main(*sys.argv[1:])
