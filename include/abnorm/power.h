/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How small an effect a sample can show: the z test's power in closed form (MacKinlay 1997). */
#ifndef ABNORM_POWER_H
#define ABNORM_POWER_H

#include <stddef.h>

/* Probability that a two-sided z test of level `level` rejects when the mean of n abnormal returns
 * with standard deviation sigma is `effect`: Phi(z - l) + Phi(-z - l) from above, l = effect
 * sqrt(n) / sigma. NaN unless n and sigma are positive and the level lies between 0 and 1. */
double abn_power_z(size_t n, double sigma, double effect, double level);

/* Smallest positive effect that is found with probability `power` (above `level`). */
double abn_power_effect(size_t n, double sigma, double power, double level);

/* Fewest events with which `effect` is found with probability `power`; 0 when there is none. */
size_t abn_power_events(double sigma, double effect, double power, double level);

#endif
