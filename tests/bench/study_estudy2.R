# SPDX-License-Identifier: GPL-3.0-or-later
# The same by estudy2, an event at a time as its dates are common to all listings of a call.
# usage: study_estudy2.R DIR EVENTS
suppressMessages({library(estudy2); library(zoo)})
given <- commandArgs(TRUE)
quotes <- read.csv(file.path(given[1], "prices.csv"))
index <- read.csv(file.path(given[1], "market.csv"))
events <- head(read.csv(file.path(given[1], "events.csv")), as.integer(given[2]))
days <- as.Date(index$date)
growth <- function(level) zoo(level[-1] / level[-length(level)] - 1, days[-1])
market <- growth(index$close)
for (i in seq_len(nrow(events))) {
    listing <- growth(quotes$close[quotes$symbol == events$symbol[i]])
    at <- match(as.Date(events$event_date[i]), days)
    fitted <- apply_market_model(rates = list(listing), regressors = list(market),
                                 same_regressor_for_all = TRUE, market_model = "sim", estimation_method = "ols",
                                 estimation_start = days[at - 260], estimation_end = days[at - 11])
    parametric_tests(fitted, event_start = days[at - 10], event_end = days[at + 10])
}
