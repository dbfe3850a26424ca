/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Made-up quotes and events to study: each listing follows a market, and gains half a percent on
 * its events.
 *     make_study DIR EVENTS LISTINGS DAYS SEED    prices.csv (long), market.csv, events.csv
 * Windows of 260 sessions before and 10 after an event always lie inside. */
#include <abnorm/date.h>
#include <abnorm/random.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { BEFORE = 261, AFTER = 11 };

typedef struct made {
    int events, listings, days;
    abn_date *date;
    double *market;          /* returns by day */
    int *listing, *day;      /* by event */
    unsigned char *eventful; /* listings x days */
} made;

static FILE *start(const char *folder, const char *name, const char *header)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *out = fopen(path, "w");
    if (out) fprintf(out, "%s\n", header);
    return out;
}

static void draw(made *m, abn_random *random)
{
    abn_date date = abn_date_of(1980, 1, 2);
    for (int t = 0; t < m->days; t++, date += abn_weekday(date) == 5 ? 3 : 1) {
        m->date[t] = date;
        m->market[t] = 3e-4 + .01 * abn_random_normal(random);
    }
    for (int e = 0; e < m->events; e++) {
        m->listing[e] = (int)abn_random_below(random, (uint32_t)m->listings);
        m->day[e] = BEFORE + (int)abn_random_below(random, (uint32_t)(m->days - BEFORE - AFTER));
        m->eventful[(size_t)m->listing[e] * (size_t)m->days + (size_t)m->day[e]] = 1;
    }
}

static int write_prices(const made *m, abn_random *random, const char *folder)
{
    FILE *out = start(folder, "prices.csv", "symbol,date,close");
    char day[ABN_DATE_MAX];
    if (!out) return 1;
    for (int i = 0; i < m->listings; i++) {
        double alpha = 1e-4 * abn_random_normal(random), beta = .5 + abn_random_uniform(random);
        double scale = .012 + .018 * abn_random_uniform(random), price = 100;
        for (int t = 0; t < m->days; t++) {
            double r = alpha + beta * m->market[t] + scale * abn_random_normal(random);
            r += m->eventful[(size_t)i * (size_t)m->days + (size_t)t] ? .005 : 0;
            price *= 1 + fmax(-.5, r);
            fprintf(out, "S%04d,%s,%.8g\n", i + 1, abn_date_format(m->date[t], day), price);
        }
    }
    return fclose(out) != 0;
}

static int write_rest(const made *m, const char *folder)
{
    FILE *market = start(folder, "market.csv", "date,close");
    FILE *events = start(folder, "events.csv", "event_id,symbol,event_date");
    char day[ABN_DATE_MAX];
    double level = 1000;
    if (!market || !events) return 1;
    for (int t = 0; t < m->days; t++) {
        level *= 1 + m->market[t];
        fprintf(market, "%s,%.8g\n", abn_date_format(m->date[t], day), level);
    }
    for (int e = 0; e < m->events; e++)
        fprintf(events, "%d,S%04d,%s\n", e + 1, m->listing[e] + 1,
                abn_date_format(m->date[m->day[e]], day));
    return (fclose(market) | fclose(events)) != 0;
}

int main(int argc, char **argv)
{
    if (argc != 6) return 64;
    made m = {.events = atoi(argv[2]), .listings = atoi(argv[3]), .days = atoi(argv[4])};
    if (m.events < 1 || m.listings < 1 || m.days < BEFORE + AFTER + 1) return 64;
    m.date = calloc((size_t)m.days, sizeof *m.date);
    m.market = calloc((size_t)m.days, sizeof *m.market);
    m.listing = calloc((size_t)m.events, sizeof *m.listing);
    m.day = calloc((size_t)m.events, sizeof *m.day);
    m.eventful = calloc((size_t)m.listings, (size_t)m.days);
    if (!m.date || !m.market || !m.listing || !m.day || !m.eventful) return 71;
    abn_random random;
    abn_random_start(&random, (uint64_t)atoll(argv[5]), 0, 0);
    draw(&m, &random);
    return write_prices(&m, &random, argv[1]) | write_rest(&m, argv[1]);
}
