# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up news in three languages and three forms: text, HTML page, feed. usage: make_texts.py FOLDER N"""
import csv, datetime, html, os, random, sys

folder, n = sys.argv[1], int(sys.argv[2])
random.seed(11)
names = [r["company"] for r in csv.DictReader(open("data/listings.csv")) if r["kind"] == "stock"]
first = datetime.date(2020, 1, 2)
DAYS = {"en": "Monday Tuesday Wednesday Thursday Friday".split(), "fr": "lundi mardi mercredi jeudi vendredi".split(),
        "de": "Montag Dienstag Mittwoch Donnerstag Freitag".split()}
MONTHS = {"en": "January February March April May June July August September October November December".split(),
          "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
          "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()}
SAYS = {
    "en": ["Shares of {a} closed {up} {p}% at ${v} on {day}.", "{a} said that it would work with {b} on chips from {month}.",
           "{a}'s stock {went} as much as {p} percent after it reported earnings, its {best} since {month}.",
           "Analysts of the bank kept a price target of ${v}, some {p}% above the close.",
           "The company also bought back shares worth ${v} million, people familiar with the matter said.",
           "A regulator opened an inquiry into {b} last week; the shares of {a} were little changed."],
    "fr": ["Le titre {a} a {gain} {p} % à {v} dollars {day}.", "{a} a annoncé un partenariat avec {b} en {month}.",
           "L'action {a} {perd} {p} % après ses résultats, au plus {best} depuis {month}.",
           "Les analystes maintiennent un objectif de cours de {v} dollars.",
           "Selon Reuters, {b} rachètera des actions pour {v} millions de dollars."],
    "de": ["Die Aktie von {a} schloss am {day} {p} Prozent {up} bei {v} Dollar.", "{a} will ab {month} mit {b} zusammenarbeiten.",
           "{a} {went} zeitweise um {p} Prozent nach Zahlen und notiert so {best} wie seit {month} nicht mehr.",
           "Die Analysten sehen das Kursziel weiter bei {v} Dollar.",
           "Der Konzern kauft eigene Aktien für {v} Millionen Dollar zurück, wie Reuters berichtet."],
}
WORDS = {"en": [{"up": "up", "went": "rose", "best": "highest"}, {"up": "down", "went": "fell", "best": "lowest"}],
         "fr": [{"gain": "gagné", "perd": "bondit de", "best": "haut"}, {"gain": "perdu", "perd": "recule de", "best": "bas"}],
         "de": [{"up": "höher", "went": "gewann", "best": "hoch"}, {"up": "tiefer", "went": "verlor", "best": "niedrig"}]}


def number(value, lang):
    return f"{value:.2f}" if lang == "en" else f"{value:.2f}".replace(".", ",")


def stamp(day, lang):
    m = MONTHS[lang][day.month - 1]
    return {"en": f"{m} {day.day}, {day.year}", "fr": f"{day.day} {m} {day.year}", "de": f"{day.day}. {m} {day.year}"}[lang]


for i in range(n):
    lang = random.choice(["en", "en", "fr", "de"])
    a, b = random.sample(names, 2)
    day = first + datetime.timedelta(days=random.randrange(2400))
    facts = dict(a=a, b=b, day=random.choice(DAYS[lang]), month=random.choice(MONTHS[lang]), **random.choice(WORDS[lang]))
    said = []
    for _ in range(random.randrange(3, 14)):
        facts.update(p=number(random.uniform(.1, 12), lang), v=number(random.uniform(5, 400), lang))
        said.append(random.choice(SAYS[lang]).format(**facts))
    title, dated = said[0].rstrip("."), random.random() < .6
    form = random.random()
    if form >= .6:
        title, said = html.escape(title), [html.escape(s) for s in said]
    if form < .6:
        ending, text = "txt", f"{title}\n{stamp(day, lang) if dated else ''}\n\n" + "\n\n".join(said) + "\n"
    elif form < .85:
        meta = f'<meta property="article:published_time" content="{day}">' if dated else ""
        ending, text = "html", (f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{meta}</head>'
                                f"<body><nav><a href=/>Start</a></nav><article><h1>{title}</h1>"
                                + "".join(f"<p>{s}</p>" for s in said) + "</article></body></html>\n")
    else:
        ending, text = "xml", (f'<?xml version="1.0"?><rss><channel><title>x</title><language>{lang}</language><item><title>{title}'
                               f"</title><pubDate>{day.strftime('%a, %d %b %Y')} 09:21:00 GMT</pubDate><description>"
                               + " ".join(said) + "</description></item></channel></rss>\n")
    at = f"{folder}/{i // 1000:03d}"
    if i % 1000 == 0:
        os.makedirs(at, exist_ok=True)
    with open(f"{at}/{i:06d}.{ending}", "w", encoding="utf-8") as f:
        f.write(text)
