# SPDX-License-Identifier: GPL-3.0-or-later
"""What a researcher would write with numpy, to be compared with: long quotes to a matrix, every event's
fit in closed form at once, tests by day and over the whole window, two tables. usage: study_numpy.py DIR"""
import os
import sys

import numpy as np
import pandas as pd
from scipy.stats import rankdata

FIRST, LAST, EDGE = -260, -11, 10


def returns(levels):
    return levels[1:] / levels[:-1] - 1


def load(folder):
    quotes = pd.read_csv(f"{folder}/prices.csv", dtype={"symbol": "category", "date": "category"})
    market = pd.read_csv(f"{folder}/market.csv")
    events = pd.read_csv(f"{folder}/events.csv")
    level = np.full((len(quotes["date"].cat.categories), len(quotes["symbol"].cat.categories)), np.nan)
    level[quotes["date"].cat.codes, quotes["symbol"].cat.codes] = quotes["close"]
    days = quotes["date"].cat.categories.to_numpy()[1:].astype(str)
    row = np.searchsorted(days, events["event_date"].to_numpy().astype(str))
    column = quotes["symbol"].cat.categories.get_indexer(events["symbol"])
    return returns(level), returns(market["close"].to_numpy()), events, row, column


def windows(stock, index, row, column):
    at = row[:, None] + np.arange(FIRST, EDGE + 1)
    split = LAST - FIRST + 1
    y, x = stock[at, column[:, None]], index[at]
    return y[:, :split], x[:, :split], y[:, split:], x[:, split:]


def fit(y, x, late_y, late_x):
    m = y.shape[1]
    mean_x, mean_y = x.mean(1, keepdims=True), y.mean(1, keepdims=True)
    spread = ((x - mean_x) ** 2).sum(1, keepdims=True)
    slope = ((x - mean_x) * (y - mean_y)).sum(1, keepdims=True) / spread
    start = mean_y - slope * mean_x
    residual, ar = y - start - slope * x, late_y - start - slope * late_x
    sigma = np.sqrt((residual ** 2).sum(1, keepdims=True) / (m - 2))
    far = late_x - mean_x
    sar = ar / sigma / np.sqrt(1 + 1 / m + far ** 2 / spread)
    length = np.arange(1, ar.shape[1] + 1)
    scar = ar.cumsum(1) / sigma / np.sqrt(length + length ** 2 / m + far.cumsum(1) ** 2 / spread)
    return residual, ar, sigma, sar, scar


def t_of(values):
    return np.sqrt(len(values)) * values.mean(0) / values.std(0, ddof=1)


def correlation(residual):
    unit = residual - residual.mean(1, keepdims=True)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    n, total = len(unit), unit.sum(0)
    return (total @ total - n) / (n * (n - 1))


def generalised_rank(residual, sigma, scar):
    last = (scar / scar.std(ddof=1))[:, None]
    joint = np.hstack([residual / sigma, last])
    u = (rankdata(joint, axis=1) / (joint.shape[1] + 1) - 0.5).mean(0)
    z, t = u[-1] / np.sqrt((u ** 2).mean()), joint.shape[1]
    return z * np.sqrt((t - 2) / (t - 1 - z * z))


def tests(residual, ar, sigma, sar, scar):
    n, m = residual.shape
    r = correlation(residual)
    shrink = np.sqrt((1 - r) / (1 + (n - 1) * r))
    factor = (m - 2) / (m - 4)
    ranks = rankdata(np.hstack([residual, ar]), axis=1) / (m + ar.shape[1] + 1) - 0.5
    u = ranks.mean(0)
    up, share = (ar > 0).sum(0), (residual > 0).mean()
    length = np.arange(1, ar.shape[1] + 1)
    car = ar.cumsum(1)
    return pd.DataFrame({
        "day": np.arange(-EDGE, EDGE + 1), "aar": ar.mean(0), "caar": car.mean(0), "t": t_of(ar),
        "patell": sar.sum(0) / np.sqrt(n * factor), "bmp": t_of(sar), "kp": t_of(sar) * shrink,
        "rank": u[m:] / np.sqrt((u ** 2).mean()), "sign": (up - n / 2) / np.sqrt(n / 4),
        "gsign": (up - n * share) / np.sqrt(n * share * (1 - share)), "caar_t": t_of(car),
        "caar_patell": (sar.cumsum(1) / np.sqrt(length * factor)).sum(0) / np.sqrt(n),
        "caar_bmp": t_of(scar), "caar_kp": t_of(scar) * shrink,
        "grank": [generalised_rank(residual, sigma, scar[:, k]) for k in range(ar.shape[1])]})


def main(folder):
    stock, index, events, row, column = load(folder)
    residual, ar, sigma, sar, scar = fit(*windows(stock, index, row, column))
    out = f"{folder}/numpy"
    os.makedirs(out, exist_ok=True)
    tests(residual, ar, sigma, sar, scar).to_csv(f"{out}/tests.csv", index=False)
    pd.DataFrame({"event_id": np.repeat(events["event_id"].to_numpy(), ar.shape[1]),
                  "day": np.tile(np.arange(-EDGE, EDGE + 1), len(events)),
                  "ar": ar.ravel(), "car": ar.cumsum(1).ravel()}).to_csv(f"{out}/returns.csv", index=False)


main(sys.argv[1])
