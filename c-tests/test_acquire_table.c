/*
 * mv_buffer_acquire as a table: every request x every source, held against the rules of the protocol, which
 * stand here as a predicate of a few lines.
 */
#include "acquire_sources.h"

static long combinations, refusals;

static int has(int flags, int all)
{
    return (flags & all) == all;
}

/* Of a buffer in full. */
static int is_packed(const mv_buffer *b, int order)
{
    ptrdiff_t expected = b->itemsize;
    if (b->suboffsets != NULL) return 0;
    for (int dim = 0; dim < b->ndim; dim++)
        if (b->shape[dim] == 0) return 1;
    for (int passed = 0; passed < b->ndim; passed++) {
        const int dim = order == 'F' ? passed : b->ndim - 1 - passed;
        if (b->shape[dim] > 1 && b->strides[dim] != expected) return 0;
        expected *= b->shape[dim];
    }
    return 1;
}

/* Whether a request is refused with MV_E_BUFFER. */
static int is_refused(const mv_buffer *b, int flags, int is_bytes)
{
    const int c = is_packed(b, 'C'), f = is_packed(b, 'F');
    if (has(flags, MV_WRITABLE) && b->readonly) return 1;
    if (has(flags, MV_C_CONTIGUOUS) && !c) return 1;
    if (has(flags, MV_F_CONTIGUOUS) && !f) return 1;
    if (has(flags, MV_ANY_CONTIGUOUS) && !c && !f) return 1;
    if (!has(flags, MV_INDIRECT) && b->suboffsets != NULL) return 1;
    if (!has(flags, MV_STRIDES) && !c) return 1;
    return has(flags, MV_FORMAT) && !has(flags, MV_ND) && !is_bytes;
}

static void check_sizes(const ptrdiff_t *actual, const ptrdiff_t *expected, int given)
{
    if (!given || source.full.ndim == 0) {
        CHECK_PTR(actual, NULL);
        return;
    }
    CHECK(actual != NULL);
    for (int dim = 0; dim < source.full.ndim; dim++) CHECK_INT(actual[dim], expected[dim]);
}

static void check_answer(const mv_buffer *got, int flags)
{
    const mv_buffer *full = &source.full;
    CHECK_PTR(got->buf, full->buf);
    CHECK_PTR(got->obj, source.object);
    CHECK_INT(got->len, full->len);
    CHECK_INT(got->itemsize, full->itemsize);
    CHECK_INT(got->readonly, full->readonly);
    CHECK_INT(got->ndim, has(flags, MV_ND) ? full->ndim : 1);
    CHECK_STR(got->format, has(flags, MV_FORMAT) ? full->format : NULL);
    check_sizes(got->shape, full->shape, has(flags, MV_ND));
    if (source.any_strides)
        CHECK((got->strides != NULL) == has(flags, MV_STRIDES));
    else
        check_sizes(got->strides, full->strides, has(flags, MV_STRIDES));
    check_sizes(got->suboffsets, full->suboffsets, has(flags, MV_INDIRECT) && full->suboffsets != NULL);
}

/* `held`: the acquisitions of the source itself; a view holds one of its exporter. */
static void check_balance(long held)
{
    if (source.acquired != 0) CHECK_INT(source.acquired - source.released, source.view != NULL ? 1 : held);
    if (source.object != &typed) CHECK_INT((long)mv_object_exports(source.object), held);
}

/* One request; `expected` is MV_OK where the rules decide. */
static void ask(int flags, mv_status expected)
{
    mv_buffer got;
    source.flags = flags;
    combinations++;
    memset(&got, 0xa5, sizeof got);
    if (expected == MV_OK && is_refused(&source.full, flags, formats[source.format].is_bytes))
        expected = MV_E_BUFFER;
    CHECK_STATUS(mv_buffer_acquire(source.object, flags, &got, &error), expected);
    if (expected != MV_OK) {
        refusals++;
        check_zero(&got);
    } else {
        check_answer(&got, flags);
        check_balance(1);
        mv_buffer_release(&got);
        CHECK_PTR(got.obj, NULL);
        mv_buffer_release(&got);
    }
    check_balance(0);
}

static void run(void (*one)(void))
{
    with_all(one);
    printf("%ld combinations, %ld refused\n", combinations, refusals);
}

static void ask_named(void)
{
    static const int requests[] = {
        MV_SIMPLE,         MV_ND,       MV_STRIDES,    MV_C_CONTIGUOUS, MV_F_CONTIGUOUS,
        MV_ANY_CONTIGUOUS, MV_INDIRECT, MV_CONTIG,     MV_CONTIG_RO,    MV_STRIDED,
        MV_STRIDED_RO,     MV_RECORDS,  MV_RECORDS_RO, MV_FULL,         MV_FULL_RO,
    };
    static const int added[] = {0, MV_WRITABLE, MV_FORMAT, MV_WRITABLE | MV_FORMAT};
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
        for (size_t j = 0; j < sizeof added / sizeof *added; j++) ask(requests[i] | added[j], MV_OK);
}

TEST(requests_by_name)
{
    run(ask_named);
}

/* Each known bit for itself, in all combinations; a flag counts where all of its bits are there. */
static void ask_bits(void)
{
    static const int bits[] = {1, 4, 8, 0x10, 0x20, 0x40, 0x80, 0x100};
    for (int chosen = 0; chosen < 256; chosen++) {
        int flags = 0;
        for (int bit = 0; bit < 8; bit++) flags |= chosen >> bit & 1 ? bits[bit] : 0;
        ask(flags, flags == 0x100 ? MV_E_FLAGS : MV_OK);
    }
}

TEST(requests_bit_by_bit)
{
    run(ask_bits);
}

static void ask_unknown(void)
{
    static const int added[] = {0, MV_WRITABLE, MV_STRIDES, MV_FULL, MV_FULL_RO};
    for (unsigned bit = 1; bit != 0; bit <<= 1) {
        if ((bit & (MV_FULL | 0xe0u | MV_EXCLUSIVE | MV_IMMUTABLE)) != 0) continue;
        for (size_t i = 0; i < sizeof added / sizeof *added; i++)
            ask((int)(bit | (unsigned)added[i]), MV_E_FLAGS);
    }
    ask(0x100, MV_E_FLAGS);
    ask(0x200, MV_E_FLAGS);
    ask(-1, MV_E_FLAGS);
    ask(MV_EXCLUSIVE | MV_IMMUTABLE | MV_FULL_RO, MV_E_FLAGS);
}

TEST(unknown_bits_are_refused)
{
    run(ask_unknown);
}

/* A wanted format or number of dimensions is held against the memory, and given only where the flags ask for
 * it. */
static void ask_wanted(void)
{
    static const int flags[] = {MV_SIMPLE, MV_ND, MV_STRIDES, MV_FULL, MV_FULL_RO, MV_FORMAT};
    const char *own = formats[source.format].text;
    const mv_buffer *full = &source.full;
    for (int i = 0; i < 6 * FORMATS * 4; i++) {
        mv_request request = MV_REQUEST_INIT;
        const char *wanted = formats[i / 6 % FORMATS].text;
        const int dims = i / (6 * FORMATS);
        request.flags = source.flags = flags[i % 6];
        request.format = i / 6 % FORMATS == UNKNOWN_FORMAT && source.format != UNKNOWN_FORMAT ? NULL : wanted;
        request.ndim = dims == 0 ? -1 : dims == 1 ? full->ndim : dims == 2 ? full->ndim + 1 : 0;
        const char *a = own + (own[0] == '@'), *b = wanted + (wanted[0] == '@');
        const int same = request.format == NULL || strcmp(a, b) == 0;
        const int fits = request.ndim == -1 || request.ndim == full->ndim;
        const int refused =
            !same || !fits || is_refused(full, request.flags, formats[source.format].is_bytes);
        mv_buffer got;
        memset(&got, 0xa5, sizeof got);
        combinations++;
        refusals += refused;
        CHECK_STATUS(mv_buffer_acquire_for(source.object, &request, &got, &error),
                     refused ? MV_E_BUFFER : MV_OK);
        if (refused)
            check_zero(&got);
        else
            check_answer(&got, request.flags);
        mv_buffer_release(&got);
        check_balance(0);
    }
}

TEST(wanted_format_and_dimensions)
{
    run(ask_wanted);
}
