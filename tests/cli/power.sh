# SPDX-License-Identifier: GPL-3.0-or-later
"$ABNORM" power --sigma 0.02,0.04 --events 1,20,200 --effect 0.5,2 --digits 6
"$ABNORM" power --events 50 --effect 0 --power .9 --level .1 --digits 6
"$ABNORM" power --events 0
"$ABNORM" power --power .01
