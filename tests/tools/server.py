#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Play every provider of quotes and every fault of a network on 127.0.0.1.

usage: server.py FOLDER [LIFE_SEC]

Writes FOLDER/ports as shell assignments (http=PORT https=PORT selfsigned=PORT otherhost=PORT) and
FOLDER/ca.pem, the certificate authority it made for this run. Ends after LIFE_SEC (default 60),
when its parent ends, or on GET /stop. The first part of a path is the scene, the rest what a
provider would be asked: http://127.0.0.1:PORT/gzip/v8/finance/chart/AAPL?... All numbers are
invented: a closing price depends on symbol and date alone.
"""
import gzip, io, json, os, socket, ssl, subprocess, sys, threading, time, zipfile, zlib
from datetime import date, datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

FIRST, LAST = date(2024, 1, 2), date(2025, 3, 14)  # the history; LAST may be under way
CORRECTED, SPLIT, DIVIDEND = date(2025, 3, 5), date(2025, 3, 10), date(2025, 3, 11)
seen, log, lock, ports = {}, [], threading.Lock(), {}


def days(start=FIRST, end=LAST):
    while start <= end:
        if start.weekday() < 5:
            yield start
        start += timedelta(1)


def bar(symbol, day, scene):
    seed = (day.toordinal() * 7919 + sum(map(ord, symbol)) * 104729) % 1000
    close = 50 + seed / 40
    row = {"open": close - 0.5, "high": close + 1.25, "low": close - 1.5, "close": close,
           "volume": 1000000 + seed * 100}
    if scene == "corrected" and day == CORRECTED:
        row["close"], row["volume"] = row["close"] + 0.25, row["volume"] + 5
    if scene in ("split", "dividend"):
        row = {k: (v * 4 if k == "volume" else v / 4) for k, v in row.items()}
    row["adj"] = row["close"]
    if scene == "split" and day < DIVIDEND:
        row["adj"] *= 1 - 0.5 / bar(symbol, DIVIDEND - timedelta(1), "dividend")["close"]
    return row


def opening(day):
    """09:30 in New York."""
    march, november = date(day.year, 3, 1), date(day.year, 11, 1)
    summer = march + timedelta(13 - march.weekday()), november + timedelta(6 - november.weekday())
    hour = 13 if summer[0] <= day < summer[1] else 14
    return int(datetime(day.year, day.month, day.day, hour, 30, tzinfo=timezone.utc).timestamp())


def wanted(query, first, last, parse):
    start = parse(query[first][0]) if first in query else FIRST
    end = parse(query[last][0]) if last in query else LAST
    return list(days(max(start, FIRST), min(end, LAST)))


def iso(text):
    return date.fromisoformat(text)


def compact(text):
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def instant(text):
    return (datetime(1970, 1, 1) + timedelta(seconds=int(text))).date()


def yahoo(symbol, query, scene):
    dates = wanted(query, "period1", "period2", instant)
    rows = [bar(symbol, d, scene) for d in dates]
    stamps = [opening(d) for d in dates]
    if scene == "live" and dates:  # the day under way comes twice, the second time as a trade
        stamps.append(stamps[-1] + 5000)
        rows.append(dict(rows[-1], close=rows[-1]["close"] + 3, adj=rows[-1]["close"] + 3))
    if scene == "nulls":
        for i, row in enumerate(rows):
            if i % 5 == 0:
                rows[i] = dict.fromkeys(row)
    if scene == "weekend":
        stamps = [s + 23700 for s in stamps]  # close and five minutes
    start = opening(LAST)
    period = {"timezone": "EDT", "start": start, "end": start + 23400, "gmtoffset": -14400}
    meta = {"currency": "USD", "symbol": symbol, "exchangeTimezoneName": "America/New_York",
            "gmtoffset": -14400, "regularMarketTime": start + 5000,
            "currentTradingPeriod": {"regular": period}}
    events = {}
    if scene == "split":
        s, d = opening(SPLIT), opening(DIVIDEND)
        events["splits"] = {str(s): {"date": s, "numerator": 4, "denominator": 1}}
        events["dividends"] = {str(d): {"date": d, "amount": 0.5}}
    quote = {k: [r[k] for r in rows] for k in ("open", "high", "low", "close", "volume")}
    if scene == "nan" and rows:
        quote["open"][0] = float("nan")
        rows[0]["adj"] = float("inf")
    result = {"meta": meta, "timestamp": stamps, "events": events,
              "indicators": {"quote": [quote], "adjclose": [{"adjclose": [r["adj"] for r in rows]}]}}
    return "application/json", json.dumps({"chart": {"result": [result], "error": None}})


def stooq(symbol, query, scene):
    lines = ["Date,Open,High,Low,Close,Volume"]
    for d in wanted(query, "d1", "d2", compact):
        r = bar(symbol, d, scene)
        lines.append(f"{d},{r['open']:g},{r['high']:g},{r['low']:g},{r['close']:g},{r['volume']}")
    return "text/csv", "\r\n".join(lines) + "\r\n"


def alphavantage(symbol, query, scene):
    dates = list(days())[::-1]
    if query.get("outputsize") == ["compact"]:
        dates = dates[:100]
    series = {}
    for d in dates:
        r = bar(symbol, d, scene)
        series[str(d)] = {f"{i}. {k}": f"{r[k]:.4f}" for i, k in
                          enumerate(("open", "high", "low", "close", "volume"), 1)}
    return "application/json", json.dumps({"Meta Data": {"2. Symbol": symbol},
                                           "Time Series (Daily)": series})


def tiingo(symbol, query, scene):
    rows = []
    for d in wanted(query, "startDate", "endDate", iso):
        r = bar(symbol, d, scene)
        rows.append({"date": f"{d}T00:00:00.000Z", "close": r["close"], "high": r["high"],
                     "low": r["low"], "open": r["open"], "volume": r["volume"], "adjClose": r["adj"],
                     "divCash": 0.5 if scene == "split" and d == DIVIDEND else 0.0,
                     "splitFactor": 4.0 if scene == "split" and d == SPLIT else 1.0})
    return "application/json", json.dumps(rows)


def eodhd(symbol, query, scene):
    rows = []
    for d in wanted(query, "from", "to", iso):
        r = bar(symbol, d, scene)
        rows.append({"date": str(d), "open": r["open"], "high": r["high"], "low": r["low"],
                     "close": r["close"], "adjusted_close": r["adj"], "volume": r["volume"]})
    return "application/json", json.dumps(rows)


def fred(symbol, query, scene):
    lines = ["observation_date," + symbol]
    for i, d in enumerate(wanted(query, "cosd", "coed", iso)):
        lines.append(f"{d},{'.' if i % 10 == 3 else format(bar(symbol, d, scene)['close'], 'g')}")
    return "text/csv", "\n".join(lines) + "\n"


def french(symbol, query, scene):
    text = ["Made for a test from no market at all.", "", ",Mkt-RF,SMB,HML,RF"]
    for i, d in enumerate(days()):
        text.append(f"{d:%Y%m%d}, {(i % 7 - 3) / 10:6.2f},{(i % 5 - 2) / 100:8.2f},"
                    f"{-99.99 if i == 4 else (i % 3 - 1) / 20:8.2f},{0.02:8.3f}")
    text += ["", "Annual figures", ",Mkt-RF,SMB,HML,RF", "2024, 1.0, 1.0, 1.0, 1.0", "", "Nobody's"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("factors.CSV", "\r\n".join(text) + "\r\n")
    return "application/zip", packed.getvalue()


ROUTES = [("/v8/finance/chart/", yahoo), ("/q/d/l/", stooq), ("/query", alphavantage),
          ("/tiingo/daily/", tiingo), ("/api/eod/", eodhd), ("/graph/fredgraph.csv", fred),
          ("/pages/faculty/ken.french/ftp/", french)]
PAGE = "<!doctype html><html><head><title>Before you go on</title></head><body>Agree?</body></html>"
# What each says of a symbol it does not know, of a quota used up, of a bad key: code, body.
SAYS = {
    "unknown": {
        yahoo: (404, '{"chart":{"result":null,"error":{"code":"Not Found","description":'
                     '"No data found here, it may be delisted"}}}'),
        stooq: (200, "No data"), alphavantage: (200, '{"Error Message":"Invalid API call, see there"}'),
        tiingo: (404, '{"detail":"Not found."}'), eodhd: (404, "Ticker Not Found."),
        fred: (200, PAGE), french: (404, PAGE)},
    "quota": {
        yahoo: (429, "Too Many Requests"), stooq: (200, "Exceeded the daily hits limit"),
        alphavantage: (200, '{"Information":"Key KEY: the rate limit is 25 requests per day"}'),
        tiingo: (200, "You have run over your lookups for this hour"),
        eodhd: (402, "You exceeded your daily limit"), fred: (429, "slow down"), french: (429, "")},
    "badkey": {
        yahoo: (401, '{"finance":{"result":null,"error":{"code":"Unauthorized","description":'
                     '"Invalid Crumb"}}}'),
        stooq: (200, "Get your apikey first: see the captcha"),
        alphavantage: (200, '{"Error Message":"the parameter apikey is invalid (KEY)"}'),
        tiingo: (403, '{"detail":"Invalid token KEY."}'), eodhd: (401, "Unauthenticated"),
        fred: (403, PAGE), french: (403, PAGE)},
}


class Play(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "play"

    def log_message(self, *args):
        pass

    def answer(self, body, kind="text/plain", code=200, length=None, **headers):
        body = body.encode() if isinstance(body, str) else body
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)
        if length is not None and length != len(body):
            self.close_connection = True

    def key(self, query):
        for name in ("apikey", "api_token"):
            if name in query:
                return query[name][0]
        return self.headers.get("Authorization", "").removeprefix("Token ")

    def good(self, rest, query, scene):
        for prefix, play in ROUTES:
            if rest.startswith(prefix):
                symbol = query.get("s", query.get("symbol", query.get("id")))
                symbol = symbol[0] if symbol else unquote(rest[len(prefix):]).split("/")[0]
                return play(symbol, query, scene)
        return "text/html", PAGE

    def provider(self, rest):
        return next((play for prefix, play in ROUTES if rest.startswith(prefix)), yahoo)

    def do_GET(self):
        parts = urlsplit(self.path)
        scene, _, rest = parts.path[1:].partition("/")
        query = parse_qs(parts.query)
        with lock:
            log.append({"path": self.path, "agent": self.headers.get("User-Agent"),
                        "encoding": self.headers.get("Accept-Encoding"), "at": time.monotonic(),
                        "authorization": self.headers.get("Authorization")})
            seen[self.path] = seen.get(self.path, 0) + 1
            times = seen[self.path]
        try:
            self.play(scene, "/" + rest, query, times)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True

    def play(self, scene, rest, query, times):
        if scene == "stop":
            self.answer("bye")
            os._exit(0)
        if scene == "log":
            return self.answer("".join(json.dumps(entry) + "\n" for entry in log))
        if scene in SAYS:
            code, body = SAYS[scene][self.provider(rest)]
            return self.answer(body.replace("KEY", self.key(query)), code=code)
        fault = getattr(self, "scene_" + scene.replace("-", "_"), None)
        kind, body = self.good(rest, query, scene)
        if fault:
            return fault(rest, body if isinstance(body, bytes) else body.encode(), times)
        if scene == "wait":
            time.sleep(0.2)
        self.answer(body, kind)

    # ---- faults: (what was asked, the good body, how often it was asked) ----

    def scene_busy(self, rest, body, times):
        if times < 3:
            return self.answer("Too Many Requests", code=429, Retry_After="0")
        self.answer(body)

    def scene_busy_once(self, rest, body, times):
        if times < 2:
            return self.answer("Too Many Requests", code=429, Retry_After="1")
        self.answer(body)

    def scene_later(self, rest, body, times):
        self.answer("Too Many Requests", code=429, Retry_After="3600")

    def scene_flaky(self, rest, body, times):
        if times < 3:
            return self.answer("out of order", code=503 if times < 2 else 500)
        self.answer(body)

    def scene_broken(self, rest, body, times):
        self.answer("Will be right back", code=503)

    def scene_drip(self, rest, body, times):
        self.send_response(200)
        self.end_headers()
        for i in range(200):
            self.wfile.write(body[i:i + 1])
            self.wfile.flush()
            time.sleep(0.1)
        self.close_connection = True

    def scene_silent(self, rest, body, times):
        time.sleep(20)
        self.close_connection = True

    def scene_cut(self, rest, body, times):
        self.answer(body[:len(body) // 2], length=len(body))

    def scene_long(self, rest, body, times):
        self.answer(body, length=len(body) + 100)

    def scene_short(self, rest, body, times):
        self.answer(body, length=len(body) * 2 // 3 + 3)

    def scene_chunked(self, rest, body, times):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for i in range(0, len(body), 1000):
            part = body[i:i + 1000]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        self.wfile.write(b"0\r\n\r\n")

    def scene_chunks_cut(self, rest, body, times):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"%x\r\n%s\r\n" % (100, body[:100]))
        self.close_connection = True

    def scene_gzip(self, rest, body, times):
        self.answer(gzip.compress(body), Content_Encoding="gzip")

    def scene_gzip_damaged(self, rest, body, times):
        packed = bytearray(gzip.compress(body))
        packed[len(packed) // 2] ^= 0xff
        packed[len(packed) // 2 + 1] ^= 0xff
        self.answer(bytes(packed), Content_Encoding="gzip")

    def scene_bomb(self, rest, body, times):
        pack = zlib.compressobj(1, zlib.DEFLATED, 31)
        zeros = bytes(1 << 20)
        packed = b"".join(pack.compress(zeros) for _ in range(300)) + pack.flush()
        self.answer(packed, Content_Encoding="gzip")

    def scene_huge(self, rest, body, times):
        self.send_response(200)
        self.end_headers()
        part = b"1" * (1 << 20)
        for _ in range(100):
            self.wfile.write(part)
        self.close_connection = True

    def scene_huge_stated(self, rest, body, times):
        self.answer(b"1", length=100 << 20)

    def scene_loop(self, rest, body, times):
        self.answer("", code=302, Location="/loop" + rest)

    def scene_file(self, rest, body, times):
        self.answer("", code=302, Location="file:///etc/passwd")

    def to_scheme(scheme):
        def play(self, rest, body, times):
            self.answer("", code=302, Location=f"{scheme}://127.0.0.1:{ports['http']}/x")
        return play

    scene_ftp, scene_gopher, scene_dict, scene_smb = map(to_scheme, ("ftp", "gopher", "dict", "smb"))

    def scene_elsewhere(self, rest, body, times):
        """To another origin: from http to https, and back."""
        name = "http" if isinstance(self.connection, ssl.SSLSocket) else "https"
        query = urlsplit(self.path).query
        self.answer("", code=302, Location=f"{name}://127.0.0.1:{ports[name]}/landed{rest}?{query}")

    def scene_moved(self, rest, body, times):
        query = urlsplit(self.path).query
        self.answer("", code=301, Location="/good" + rest + ("?" + query if query else ""))

    def scene_html(self, rest, body, times):
        self.answer(PAGE, kind="text/html")

    def scene_deep(self, rest, body, times):
        self.answer("[" * 200000)

    def scene_deep_object(self, rest, body, times):
        self.answer('{"chart":' * 5000 + "1" + "}" * 5000)

    def scene_empty(self, rest, body, times):
        self.answer("")

    def scene_garbage(self, rest, body, times):
        self.answer(bytes((i * 37 + i // 7) % 256 for i in range(5000)))

    def scene_escapes(self, rest, body, times):
        self.answer("\x1b[31mred\x07 and much " + "more " * 500)

    def scene_reset(self, rest, body, times):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.connection.close()
        self.close_connection = True

    def scene_feed(self, rest, body, times):
        host = self.headers.get("Host")
        items = "".join(
            f"<item><title>Move {i}</title><link>http://{host}/article/{i}</link>"
            f"<pubDate>Mon, 0{i} Mar 2025 12:00:00 GMT</pubDate>"
            f"<description>Shares of Example {i} rose {i} percent.</description></item>"
            for i in range(1, 4))
        self.answer(f'<?xml version="1.0"?><rss version="2.0"><channel><title>Moves</title>{items}'
                    "</channel></rss>", kind="application/rss+xml")

    def scene_atom(self, rest, body, times):
        host = self.headers.get("Host")
        self.answer('<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>'
                    f'<entry><title>Two &amp;amp; two</title><link href="http://{host}/article/2?a='
                    '1&amp;b=2"/><updated>2025-03-02T10:00:00Z</updated></entry>'
                    f'<entry><title>Gone</title><link href="http://{host}/later/v8"/><published>'
                    "2025-03-04T10:00:00-05:00</published><content>A &amp;lt; B fell 3 percent"
                    "</content></entry><entry><title>No page</title><published>2025-03-05T10:00:00Z"
                    "</published><summary>Shares rose.</summary></entry></feed>",
                    kind="application/atom+xml")

    def scene_article(self, rest, body, times):
        number = rest.strip("/")
        self.answer(f'<!doctype html><html lang="en"><head><title>Move {number}</title>'
                    f'<meta property="article:published_time" content="2025-03-0{number}T12:00:00Z">'
                    f"</head><body><article><h1>Move {number}</h1><p>Shares of Example {number} "
                    f"rose {number} percent on Monday, after the company had said that it "
                    "would build a plant.</p></article></body></html>", kind="text/html")


def openssl(*args):
    subprocess.run(("openssl",) + args, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def make_certificates(folder):
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
    path = lambda name: os.path.join(folder, name)
    openssl("req", "-x509", *key, "-subj", "/CN=a test's authority", "-keyout", path("ca.key"),
            "-out", path("ca.pem"))
    for name, who in (("good", "IP:127.0.0.1"), ("other", "DNS:elsewhere.invalid")):
        with open(path(name + ".ext"), "w") as f:
            f.write(f"subjectAltName={who}\n")
        openssl("req", *key, "-subj", f"/CN={name}", "-keyout", path(name + ".key"), "-out",
                path(name + ".csr"))
        openssl("x509", "-req", "-days", "2", "-in", path(name + ".csr"), "-CA", path("ca.pem"),
                "-CAkey", path("ca.key"), "-CAcreateserial", "-extfile", path(name + ".ext"),
                "-out", path(name + ".pem"))
    openssl("req", "-x509", *key, "-subj", "/CN=self", "-addext", "subjectAltName=IP:127.0.0.1",
            "-keyout", path("self.key"), "-out", path("self.pem"))


def serve(folder=None, name=None):
    ThreadingHTTPServer.request_queue_size = 128
    ThreadingHTTPServer.daemon_threads = True
    server = ThreadingHTTPServer(("127.0.0.1", 0), Play)
    server.handle_error = lambda request, address: None
    if name:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(folder, name + ".pem"),
                                os.path.join(folder, name + ".key"))
        server.socket = context.wrap_socket(server.socket, server_side=True,
                                            do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def main():
    folder, life = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 60
    parent, end = os.getppid(), time.monotonic() + life
    make_certificates(folder)
    ports.update(http=serve(), https=serve(folder, "good"), selfsigned=serve(folder, "self"),
                 otherhost=serve(folder, "other"))
    with open(os.path.join(folder, "ports.new"), "w") as f:
        f.write(" ".join(f"{name}={port}" for name, port in ports.items()) + "\n")
    os.rename(os.path.join(folder, "ports.new"), os.path.join(folder, "ports"))
    while time.monotonic() < end and os.getppid() == parent:
        time.sleep(0.2)


main()
