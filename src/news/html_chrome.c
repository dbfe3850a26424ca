/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the names that page makers give to elements say of them. */
#include "html.h"

#include <string.h>

#define NAMES_MAX 7 /* an element with more class names is a wrapper that collects states */

static const struct word {
    const char *text;
    uint32_t flags;
} WORDS[] = {
    {"ad", ABN_HTML_NAMED},
    {"ads", ABN_HTML_NAMED},
    {"advert", ABN_HTML_NAMED},
    {"advertisement", ABN_HTML_NAMED},
    {"banner", ABN_HTML_NAMED},
    {"breadcrumb", ABN_HTML_NAMED},
    {"breadcrumbs", ABN_HTML_NAMED},
    {"comment", ABN_HTML_COMMENT},
    {"commentaires", ABN_HTML_COMMENT},
    {"commentlist", ABN_HTML_COMMENT},
    {"comments", ABN_HTML_COMMENT},
    {"consent", ABN_HTML_NAMED},
    {"cookie", ABN_HTML_NAMED},
    {"cookies", ABN_HTML_NAMED},
    {"copyright", ABN_HTML_NAMED},
    {"disqus", ABN_HTML_COMMENT},
    {"footer", ABN_HTML_NAMED},
    {"gdpr", ABN_HTML_NAMED},
    {"kommentar", ABN_HTML_COMMENT},
    {"kommentare", ABN_HTML_COMMENT},
    {"masthead", ABN_HTML_NAMED},
    {"menu", ABN_HTML_NAMED},
    {"modal", ABN_HTML_NAMED},
    {"nav", ABN_HTML_NAMED},
    {"navbar", ABN_HTML_NAMED},
    {"navi", ABN_HTML_NAMED},
    {"navigation", ABN_HTML_NAMED},
    {"newsletter", ABN_HTML_NAMED},
    {"outbrain", ABN_HTML_NAMED},
    {"pagination", ABN_HTML_NAMED},
    {"paywall", ABN_HTML_NAMED},
    {"popup", ABN_HTML_NAMED},
    {"promo", ABN_HTML_NAMED},
    {"recommendations", ABN_HTML_NAMED},
    {"recommended", ABN_HTML_NAMED},
    {"related", ABN_HTML_NAMED},
    {"reply", ABN_HTML_COMMENT},
    {"respond", ABN_HTML_COMMENT},
    {"share", ABN_HTML_NAMED},
    {"sharing", ABN_HTML_NAMED},
    {"sidebar", ABN_HTML_NAMED},
    {"signup", ABN_HTML_NAMED},
    {"social", ABN_HTML_NAMED},
    {"subscribe", ABN_HTML_NAMED},
    {"taboola", ABN_HTML_NAMED},
    {"teaser", ABN_HTML_NAMED},
    {"teasers", ABN_HTML_NAMED},
    {"ticker", ABN_HTML_NAMED},
    {"toolbar", ABN_HTML_NAMED},
    {"trending", ABN_HTML_NAMED},
    {"widget", ABN_HTML_NAMED},
    {"widgets", ABN_HTML_NAMED},
    {"byline", ABN_HTML_DATED},
    {"date", ABN_HTML_DATED},
    {"dateline", ABN_HTML_DATED},
    {"datetime", ABN_HTML_DATED},
    {"datum", ABN_HTML_DATED},
    {"fecha", ABN_HTML_DATED},
    {"meta", ABN_HTML_DATED},
    {"posted", ABN_HTML_DATED},
    {"pubdate", ABN_HTML_DATED},
    {"publication", ABN_HTML_DATED},
    {"publish", ABN_HTML_DATED},
    {"published", ABN_HTML_DATED},
    {"time", ABN_HTML_DATED},
    {"timestamp", ABN_HTML_DATED},
    {"lastmod", ABN_HTML_UPDATED},
    {"modified", ABN_HTML_UPDATED},
    {"update", ABN_HTML_UPDATED},
    {"updated", ABN_HTML_UPDATED},
};

/* Names of elements that hold the article, whatever else they are called. */
static const char *const CONTENT[] = {"article", "body", "content", "entry", "hentry",
                                      "main",    "page", "story",   "text",  "wrapper"};

/* What the words of the names seen so far stand for. */
typedef struct names {
    uint32_t flags;
    int count; /* of names, in a class attribute */
    bool content;
} names;

static void take_word(const char *word, size_t len, names *seen)
{
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (strlen(WORDS[i].text) == len && memcmp(WORDS[i].text, word, len) == 0)
            seen->flags |= WORDS[i].flags;
    for (size_t i = 0; i < sizeof CONTENT / sizeof *CONTENT; i++)
        if (strlen(CONTENT[i]) == len && memcmp(CONTENT[i], word, len) == 0) seen->content = true;
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* Words end at signs and where small letters turn to a capital. */
static void take_names(const char *text, names *seen)
{
    char word[24];
    size_t n = 0;
    for (size_t i = 0;; i++) {
        char c = text[i];
        bool letter = is_upper(c) || (c >= 'a' && c <= 'z');
        bool turn = is_upper(c) && i > 0 && text[i - 1] >= 'a' && text[i - 1] <= 'z';
        if ((!letter || turn) && n > 0) {
            if (n < sizeof word) take_word(word, n, seen);
            n = 0;
        }
        if (letter) {
            if (n < sizeof word) word[n] = is_upper(c) ? (char)(c + 32) : c;
            n++;
        }
        if (c == '\0') return;
        seen->count += (c == ' ' && text[i + 1] != ' ');
    }
}

uint32_t abn_webpage_class_flags(const char *class_names, const char *id)
{
    names seen = {0};
    if (class_names) take_names(class_names, &seen);
    bool many = seen.count >= NAMES_MAX;
    if (id) take_names(id, &seen);
    uint32_t keep = seen.flags & (ABN_HTML_DATED | ABN_HTML_UPDATED);
    if (seen.flags & ABN_HTML_COMMENT && !seen.content && !many) keep |= ABN_HTML_COMMENT;
    if (seen.flags & ABN_HTML_NAMED && !seen.content && !many) keep |= ABN_HTML_NAMED;
    return keep;
}
