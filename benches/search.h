/*
 * What the searches look for, for all who take part: a byte that stands nowhere but at the end, one that stands
 * everywhere, and a string of which none but its first bytes stand anywhere else.
 */
#ifndef BENCH_SEARCH_H
#define BENCH_SEARCH_H

#define SEARCH_ABSENT 255
#define SEARCH_COUNTED 7
#define SEARCH_NEEDLE "a needle"

#endif
