/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry, and what holds for every provider: whose rows are kept, and what an error says. */
#include "provider_parts.h"

#include <abnorm/http.h>
#include <abnorm/plain.h>
#include <ctype.h>
#include <string.h>

#define SENTENCE_MAX 240
#define DAY_SEC      86400

static const abn_provider *const registry[] = {
    &abn_provider_yahoo, &abn_provider_stooq, &abn_provider_alphavantage, &abn_provider_tiingo,
    &abn_provider_eodhd, &abn_provider_fred,  &abn_provider_french,
};

size_t abn_provider_count(void)
{
    return sizeof registry / sizeof *registry;
}

const abn_provider *abn_provider_at(size_t i)
{
    return i < abn_provider_count() ? registry[i] : NULL;
}

static bool same_name(const char *a, const char *b)
{
    for (;; a++, b++) {
        while (*a == '-' || *a == '_')
            a++;
        if (tolower((unsigned char)*a) != *b) return false;
        if (*b == '\0') return true;
    }
}

const abn_provider *abn_provider_find(const char *name)
{
    for (size_t i = 0; i < abn_provider_count(); i++)
        if (same_name(name, registry[i]->name)) return registry[i];
    return NULL;
}

void abn_provider_spell(const abn_provider *provider, const abn_listings *listings,
                        const char *symbol, abn_buf *out)
{
    uint32_t i = listings ? abn_listings_find(listings, abn_slice_of(symbol)) : ABN_NO_LISTING;
    const char *cell = i == ABN_NO_LISTING ? "" : abn_listings_cell(listings, i, provider->name);
    if (cell[0])
        abn_buf_text(out, cell);
    else
        provider->spell(symbol, out);
}

void abn_provider_base(const abn_provider *provider, const abn_query *query, abn_buf *url)
{
    const char *base = query->base_url ? query->base_url : provider->base_url;
    size_t len = strlen(base);
    while (len > 0 && base[len - 1] == '/')
        len--;
    abn_buf_add(url, base, len);
}

void abn_provider_date(abn_buf *url, const char *name, abn_date date, bool compact)
{
    if (date == ABN_NO_DATE) return;
    abn_civil d = abn_date_civil(date);
    abn_buf_printf(url, compact ? "&%s=%04d%02d%02d" : "&%s=%04d-%02d-%02d", name, d.year, d.month,
                   d.day);
}

abn_status abn_provider_url(const abn_provider *provider, const abn_query *query, abn_buf *url,
                            abn_error *err)
{
    abn_status status = provider->url(query, url, err);
    return status ? status : abn_buf_status(url, err);
}

/* ---- what has settled ---- */

/* Far enough west that the day has ended there. */
#define LAST_ZONE_SEC (12 * 3600)

abn_date abn_provider_settled(const abn_exchange *exchange, abn_instant now, int settle_min)
{
    abn_instant at = now - (abn_instant)settle_min * 60;
    if (!exchange) return (abn_date)((now - LAST_ZONE_SEC) / DAY_SEC) - 1;
    abn_date today = abn_zone_date(&exchange->zone, at, NULL);
    abn_session session;
    if (abn_exchange_session(exchange, today, &session) && session.close <= at) return today;
    return today - 1;
}

/* With what the answer states of its own session: it tells more than no calendar does, and a
 * session that it says is under way is not final whatever the calendar says. */
static abn_date settled_in(const abn_provider *provider, const abn_query *query,
                           const abn_bars *bars)
{
    abn_date settled = abn_provider_settled(query->exchange, query->now, provider->settle_min);
    if (!bars->has_session) return settled;
    bool over = query->now >= bars->session_end + provider->settle_min * 60;
    abn_date stated = over ? bars->session : bars->session - 1;
    if (!query->exchange && stated > settled) settled = stated;
    if (!over && settled >= bars->session) settled = bars->session - 1;
    return settled;
}

/* ---- sentences ---- */

static bool has_word(const char *text, const char *word)
{
    size_t len = strlen(word);
    for (; *text; text++) {
        size_t i = 0;
        while (i < len && tolower((unsigned char)text[i]) == word[i])
            i++;
        if (i == len) return true;
    }
    return false;
}

/* The first group that has a word in the sentence decides: a quota is told with the key's name in
 * it, a bad key with the symbol's. */
static const struct {
    abn_status status;
    const char *words[14];
} judgements[] = {
    {ABN_TRY_LATER,
     {"too many request", "rate limit", "hits limit", "daily limit", "limit exceeded", "exceeded",
      "call frequency", "per day", "per minute", "quota", "run over", "throttl", "try again later",
      "try again in"}},
    {ABN_UNAVAILABLE, {"be right back", "maintenance", "temporarily unavailable"}},
    {ABN_REFUSED,
     {"token", "apikey", "api key", "unauthorized", "unauthenticated", "forbidden", "premium",
      "crumb", "subscri", "permission", "not allowed", "denied", "captcha", "consent"}},
    {ABN_NO_INPUT,
     {"no data", "not found", "invalid api call", "delisted", "unknown symbol", "invalid symbol",
      "invalid ticker", "data doesn't exist", "does not exist", "no such", "b/d"}},
};

abn_status abn_provider_judge(const char *sentence, abn_status otherwise)
{
    for (size_t i = 0; i < sizeof judgements / sizeof *judgements; i++)
        for (size_t w = 0; w < 14 && judgements[i].words[w]; w++)
            if (has_word(sentence, judgements[i].words[w])) return judgements[i].status;
    return otherwise;
}

/* One line of bounded length, with nothing in it that a terminal obeys. */
static void add_tame(abn_buf *out, const char *text, size_t len)
{
    size_t start = out->len;
    bool blank = false;
    for (size_t i = 0; i < len;) {
        size_t n = abn_plain_letter((abn_slice){text + i, len - i});
        if (out->len - start >= SENTENCE_MAX) {
            abn_buf_text(out, "...");
            return;
        }
        if (n == 1 && text[i] == ' ')
            blank = out->len > start;
        else if (n == 0 && strchr("\t\r\n\f\v", text[i]))
            blank = out->len > start;
        else {
            if (blank) abn_buf_char(out, ' ');
            blank = false;
            if (n)
                abn_buf_add(out, text + i, n);
            else
                abn_buf_char(out, '?');
        }
        i += n ? n : 1;
    }
}

/* Where the vendors keep their sentence, outermost first. */
static const char *json_sentence(const json_t *value, int depth)
{
    static const char *const keys[] = {"error",  "Error Message", "description", "message",
                                       "detail", "Information",   "Note",        "errors",
                                       "chart",  "finance",       "warning"};
    if (json_is_string(value)) return json_string_value(value);
    if (json_is_array(value))
        return depth < 4 ? json_sentence(json_array_get(value, 0), depth + 1) : NULL;
    if (!json_is_object(value) || depth >= 4) return NULL;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *found = json_sentence(json_object_get(value, keys[i]), depth + 1);
        if (found && found[0]) return found;
    }
    return NULL;
}

static size_t find_tag(abn_slice body, const char *tag)
{
    size_t len = strlen(tag);
    for (size_t i = 0; i + len <= body.len; i++)
        if (abn_slice_ieq((abn_slice){body.ptr + i, len}, tag)) return i;
    return body.len;
}

static void page_sentence(abn_slice body, abn_buf *out)
{
    size_t at = find_tag(body, "<title");
    abn_slice rest = {body.ptr + at, body.len - at};
    const char *open = rest.len ? memchr(rest.ptr, '>', rest.len) : NULL;
    abn_buf_text(out, "the provider sent a web page instead of data");
    if (!open) return;
    rest.len -= (size_t)(open + 1 - rest.ptr);
    rest.ptr = open + 1;
    const char *close = rest.len ? memchr(rest.ptr, '<', rest.len) : NULL;
    if (!close || close == rest.ptr) return;
    abn_buf_text(out, ", titled: ");
    add_tame(out, rest.ptr, (size_t)(close - rest.ptr));
}

void abn_provider_sentence(abn_slice body, abn_buf *out)
{
    abn_slice text = abn_slice_trim(body);
    if (text.len >= 3 && memcmp(text.ptr, "\xef\xbb\xbf", 3) == 0)
        text = abn_slice_trim((abn_slice){text.ptr + 3, text.len - 3});
    if (text.len == 0) return;
    if (text.ptr[0] == '<') {
        page_sentence(text, out);
        return;
    }
    json_t *root =
        text.ptr[0] == '{' || text.ptr[0] == '['
            ? json_loadb(text.ptr, text.len, JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK, NULL)
            : NULL;
    const char *sentence = root ? json_sentence(root, 0) : NULL;
    const char *end = memchr(text.ptr, '\n', text.len);
    size_t len = end ? (size_t)(end - text.ptr) : text.len;
    if (sentence || !root) abn_buf_text(out, "the provider says: ");
    if (sentence)
        add_tame(out, sentence, strlen(sentence));
    else if (!root)
        add_tame(out, text.ptr, len);
    json_decref(root);
}

abn_status abn_provider_fail(const char *source, abn_slice body, abn_status otherwise,
                             abn_error *err)
{
    abn_buf sentence = {0};
    abn_provider_sentence(body, &sentence);
    const char *text = sentence.data && !sentence.failed ? sentence.data : "";
    abn_status status = abn_provider_judge(text, otherwise);
    if (text[0])
        abn_fail_at(err, status, source, 0, 0, "%s", text);
    else
        abn_fail_at(err, status, source, 0, 0, "an answer without data");
    abn_buf_free(&sentence);
    return status;
}

/* A code that is no success, told with the sentence when there is one. */
static abn_status fail_code(const abn_query *query, long code, abn_slice body, abn_error *err)
{
    abn_buf sentence = {0};
    abn_provider_sentence(body, &sentence);
    const char *text = sentence.data && !sentence.failed ? sentence.data : "";
    abn_status status = abn_http_code_status(code);
    if (code == 402 || (code >= 400 && status == ABN_UNAVAILABLE && code < 500))
        status = abn_provider_judge(text, status);
    abn_fail_at(err, status, query->symbol, 0, 0, "HTTP %ld%s%s", code, text[0] ? ", " : "", text);
    abn_buf_free(&sentence);
    return status;
}

abn_status abn_provider_parse(const abn_provider *provider, const abn_query *query, long code,
                              abn_slice body, abn_bars *bars, abn_notes *notes, abn_error *err)
{
    abn_bars read = {0};
    if (abn_http_code_status(code) != ABN_OK) return fail_code(query, code, body, err);
    abn_status status = provider->parse(query, body, &read, notes, err);
    if (status) {
        abn_bars_free(&read);
        return status;
    }
    abn_date settled = settled_in(provider, query, &read);
    abn_date to = query->to == ABN_NO_DATE || query->to > settled ? settled : query->to;
    abn_bars_settle(&read, query->symbol, notes);
    abn_provider_check(query, &read, to, strcmp(provider->basis, "raw") != 0, notes);
    abn_bars_cut(&read, query->from, to);
    *bars = read;
    return ABN_OK;
}
