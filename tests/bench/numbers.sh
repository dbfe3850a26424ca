#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Ten million random and adversarial decimals, read as strtod reads them and printed as printf prints them.
exec "${BUILD:-build}/bench/exact_numbers" "${1:-10000000}"
