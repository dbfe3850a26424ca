# SPDX-License-Identifier: GPL-3.0-or-later
# What cannot be read is told, what can be is written, and the exit code says that some failed.
cd "$WORK" || exit 1
printf '' >empty.txt
printf '%%PDF-1.7 x' >report.pdf
printf 'Apple\000rose' >binary.txt
printf 'Apple \377\372\376 rose' >damaged.txt
printf '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><rss><item><title>&c;</title></item></rss>' >bomb.xml
printf '<rss><channel><item><title>News</title><pubDate>soon</pubDate></item></channel></rss>' >feed.xml
awk 'BEGIN { printf "<html><body>"; for (i = 0; i < 100000; i++) printf "<div>" }' >deep.html
printf 'Apple jumps\nPublished: February 11, 2025\n\nThe company opened a shop in a town.\n' >good.txt
"$ABNORM" extract -v -o out binary.txt bomb.xml damaged.txt deep.html empty.txt feed.xml gone.txt good.txt report.pdf
code=$?
cut -d, -f1-6 out/documents.csv
exit $code
