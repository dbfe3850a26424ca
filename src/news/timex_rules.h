/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules themselves. Included by timex_grammar.c alone.
 *
 * An element is a class of words, a part of speech of the reader (day, year, number...) or another
 * rule. x=V: with that value; [x] may be missing; { x | y } either; * { x } up to six times; ~ the
 * next adjoins; ! the next must not follow, & it must, and neither is taken; < what is tagged
 * begins here, > it ends here; 'c the mark c. The first alternative that fits is taken and options
 * take what they can, so that matching never goes back far. */
#ifndef ABN_NEWS_TIMEX_RULES_H
#define ABN_NEWS_TIMEX_RULES_H

/* clang-format off: a rule a line */
static const struct {
    const char *name, *body;
} PART_RULE[] = {
    {"u", "{ unit | units }"},
    {"qty", "number [['-] fraction]"},
    {"wday", "weekday"},
    /* the end of, Anfang, early; or an article alone */
    {"lead", "{ [det] { modn | modof } of [det] | modn [det] | [det] mod [of] [det] | det }"},
    {"anyseason", "{ season | maybeseason }"},
    /* a year, stated or counted from the anchor's */
    {"yearexp", "[of] [det] { rel unit=Y | unit=Y rel | unit=Y year | year | relunit=Y | unit=Y }"},
    {"monthyear", "{ [of] ['-] [',] [of] yearexp | rel }"},
    {"dayparts", "[at] [det] [{ mod | modn }] [of] [det] { part | partadv }"},
    {"zonepart", "{ zone [{ '+ | '- } ~ anynumber] | '( zone [{ '+ | '- } ~ anynumber] ') }"},
    {"oclock", "{ clocknum [hourmark] [ampm] | hour ampm | hour hourmark [minute] | dotclock "
               "[hourmark] ampm | "
               "dotclock hourmark | fraction hourword [hourmark] | numhour hourmark | clock | "
               "military &zone }"},
    {"moment", "oclock [zonepart]"},
    {"upto", "{ to | '- }"},
    {"partday", "{ monthfirst month day [[',] year] | day [of] month [year] | day to [det] day "
                "[of] month [year] | "
                "weekday [{ to | at } weekday] }"},
    {"clockday", "{ monthfirst month day [[',] year] | day [of] month [year] }"},
    {"ofday", "monthfirst day"},
    {"further", "[',] [{ and | to | '- }] [at] [det] day"},
};

static const struct {
    abn_timex_kind kind;
    const char *body;
} RULE[] = {
    /* ages are no times, a quarter alone is a share */
    {ABN_KIND_NONE, "qty ['-] u ['-] age"},
    {ABN_KIND_NONE, "qty ['-] age=1"},
    {ABN_KIND_NONE, "!num qty '- age"},
    {ABN_KIND_NONE, "age [of] [number to] qty u"},
    {ABN_KIND_NONE, "aftername of qty units=Y"},
    {ABN_KIND_NONE, "aftercomma !num qty units=Y { &', | &'. | &') }"},
    {ABN_KIND_NONE, "[approx] num=1 unit=Q !ago"},
    /* days */
    {ABN_KIND_DAY, "datenum"},
    {ABN_KIND_DAY, "[det] [wday [',]] [det] day [of] month [[',] [of] year]"},
    {ABN_KIND_DAY, "[det] [wday [',]] [det] day [of] month yearexp"},
    {ABN_KIND_DAY, "[det] [wday [',]] [det] day [of] month rel"},
    {ABN_KIND_DAY, "monthfirst [wday [',]] month day !'% !u [[',] year]"},
    {ABN_KIND_DAY, "[det] day > further * { further } [of] month [{ year | rel }]"},
    {ABN_KIND_DAY, "monthfirst month day > { and | to | '- } !month day !u [[',] year]"},
    {ABN_KIND_DAY, "[det] wday [det] !ord day !month !u !hourmark !'. !', !': !upto"},
    /* months */
    {ABN_KIND_MONTH, "month > { and | to | '- } month { year | rel }"},
    {ABN_KIND_MONTH, "[lead] month !ofday [[',] [of] year]"},
    {ABN_KIND_MONTH, "[lead] month yearexp"},
    {ABN_KIND_MONTH, "[lead] month rel"},
    {ABN_KIND_MONTH, "[lead] rel month [year]"},
    {ABN_KIND_MONTH, "[lead] unit=M [of] month [year]"},
    /* years */
    {ABN_KIND_YEAR, "goodyear"},
    {ABN_KIND_YEAR, "[lead] unit=Y { year | yearnumber }"},
    {ABN_KIND_YEAR, "[det] yearword year"},
    {ABN_KIND_YEAR, "[det] { mod | modn } [of] [det] year"},
    /* quarters and halves of a year */
    {ABN_KIND_QUARTER, "[lead] ord unit=Q [monthyear]"},
    {ABN_KIND_QUARTER, "[det] [ord] quarter ~ small [monthyear]"},
    {ABN_KIND_QUARTER, "[det] rel unit=Q"},
    {ABN_KIND_HALF, "[lead] ord unit=H [monthyear]"},
    {ABN_KIND_HALF, "[det] half ~ small [monthyear]"},
    /* seasons, holidays */
    {ABN_KIND_SEASON, "lead [whole] [rel] anyseason [monthyear]"},
    {ABN_KIND_SEASON, "[lead] rel anyseason [monthyear]"},
    {ABN_KIND_SEASON, "{ mod | modn | modof of } [of] [det] anyseason [monthyear]"},
    {ABN_KIND_SEASON, "anyseason { year | rel | of yearexp }"},
    {ABN_KIND_SEASON, "{ at | durprep | prep } < anyseason [monthyear]"},
    {ABN_KIND_SEASON, "season"},
    {ABN_KIND_HOLIDAY, "[rel] holiday [year]"},
    {ABN_KIND_HOLIDAY, "det rel holiday"},
    /* decades, centuries */
    {ABN_KIND_DECADE, "[lead] [units=Y] ['' ~] tens ~ ['' ~] decadesuffix [['-] units=Y]"},
    {ABN_KIND_DECADE, "[lead] units=Y { tens | tenswords }"},
    {ABN_KIND_DECADE, "[lead] decade units=Y"},
    {ABN_KIND_DECADE, "det [{ mod | modn }] decade"},
    {ABN_KIND_DECADE, "[det] rel unit=DE"},
    {ABN_KIND_CENTURY, "[lead] ord unit=CE"},
    {ABN_KIND_CENTURY, "[lead] small [~ daysuffix] unit=CE"},
    {ABN_KIND_CENTURY, "[det] rel unit=CE"},
    /* weekdays and days counted from today */
    {ABN_KIND_SET, "habit !rel det weekday !part !day !rel"},
    {ABN_KIND_WEEKDAY, "rel weekday [dayparts]"},
    {ABN_KIND_WEEKDAY, "[det] [{ mod | modn }] weekday [dayparts]"},
    {ABN_KIND_WEEKDAY, "[det] [same] rel weekday [dayparts]"},
    {ABN_KIND_WEEKDAY, "[det] weekday rel [dayparts]"},
    {ABN_KIND_WEEKDAY, "[det] same weekday [dayparts]"},
    {ABN_KIND_PART, "at < part=MO"},
    {ABN_KIND_DEICTIC, "[later] deictic [dayparts]"},
    {ABN_KIND_DEICTIC, "[det] deictic weekday [part]"},
    {ABN_KIND_DEICTIC, "[det] deicticadj < weekday [part]"},
    /* last week, the end of the year */
    {ABN_KIND_RELATIVE, "[later] [lead] rel u"},
    {ABN_KIND_RELATIVE, "[lead] u rel"},
    {ABN_KIND_RELATIVE, "[det] { mod | modn | modof } of [det] [whole] unit"},
    {ABN_KIND_RELATIVE, "[det] unit=WE"},
    {ABN_KIND_RELATIVE, "{ later | mod } at < det unit"},
    {ABN_KIND_SAME, "det whole unit"},
    {ABN_KIND_SAME, "[det] same unit [qty unit=Y ago]"},
    {ABN_KIND_SAME, "det unit=D ['-] same"},
    {ABN_KIND_SAME, "modof < det unit=D"},
    {ABN_KIND_NEIGHBOUR, "[lead] relunit"},
    {ABN_KIND_NTH, "[det] [num=1] ord [adj] unit of [det] month [year]"},
    {ABN_KIND_NTH, "[det] ord weekday [of] [det] month [year]"},
    {ABN_KIND_NTH, "[det] [num=1] ord [adj] { unit=D | unit=W }"},
    {ABN_KIND_NTH, "[det] [num=1] ord adj unit"},
    /* parts of days, hours */
    {ABN_KIND_PART, "rel part [same]"},
    {ABN_KIND_PART, "[det] [mod] part { of | at } [det] partday"},
    {ABN_KIND_PART, "[det] [same] [{ mod | modn }] [rel] part [same]"},
    {ABN_KIND_CLOCK, "moment > ', { deictic | weekday } { &', | &'. }"},
    {ABN_KIND_CLOCK, "moment > [',] [at] [det] [weekday [',]] clockday"},
    {ABN_KIND_CLOCK, "moment > at weekday"},
    {ABN_KIND_CLOCK, "moment [{ deictic | weekday | dayparts }]"},
    {ABN_KIND_CLOCK, "clockpre < { hour hours [minute] | numhour hours } [dayparts]"},
    {ABN_KIND_CLOCK, "hour hours minute"},
    {ABN_KIND_CLOCK, "barehour > { upto | mark } moment"},
    {ABN_KIND_CLOCK, "barehour > upto barehour { and | upto } barehour upto moment"},
    {ABN_KIND_CLOCK, "barehour > { and | upto } barehour upto moment"},
    /* spans */
    {ABN_KIND_SPAN, "[approx] qty ['-] [adj] u [long]"},
    {ABN_KIND_SPAN, "[approx] number u fraction"},
    {ABN_KIND_SPAN, "[approx] qty ['-] [adj] adjunit"},
    {ABN_KIND_SPAN, "[det] { rel | whole | ord } qty [adj] u"},
    {ABN_KIND_SPAN, "[det] qty { rel | ord } [adj] u"},
    {ABN_KIND_SPAN, "[approx] [det] quant [adj] u [long]"},
    {ABN_KIND_SPAN, "[det] rel quant u"},
    {ABN_KIND_SPAN, "durprep < units"},
    {ABN_KIND_SPAN, "agopre < units"},
    {ABN_KIND_SPAN, "det units=Y"},
    {ABN_KIND_SPAN, "[approx] qty someword units"},
    {ABN_KIND_SPAN, "{ units=DE | units=CE }"},
    {ABN_KIND_SPAN, "span"},
    {ABN_KIND_AGO, "[approx] qty [adj] u ago"},
    {ABN_KIND_AGO, "[approx] quant [adj] u ago"},
    {ABN_KIND_AGO, "units ago"},
    {ABN_KIND_LATER, "[approx] qty [adj] u later"},
    /* sets */
    {ABN_KIND_SET, "every [number] [ord] [adj] u"},
    {ABN_KIND_SET, "every [quant] u"},
    {ABN_KIND_SET, "every weekday [part]"},
    {ABN_KIND_SET, "every part"},
    {ABN_KIND_SET, "every { anyseason | month }"},
    {ABN_KIND_SET, "[times] per [det] unit"},
    {ABN_KIND_SET, "[times] freq"},
    {ABN_KIND_SET, "times at [det] unit"},
    {ABN_KIND_SET, "times num=1 unit"},
    /* now, then */
    {ABN_KIND_REF, "ref"},
    {ABN_KIND_REF, "det refnoun !u !number"},
};
/* clang-format on */

#endif
