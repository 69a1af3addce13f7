/*
 * Random programs of 1 to 8 operations on views in up to 5 dimensions, against a model that lists the items.
 * Errors are predicted too; MV_E_UNSUPPORTED is accepted only where no strides lead to the items, or
 * suboffsets are in play.
 */
#include "ground.h"

typedef enum { ARRAYS, STRIDED, POINTERS, PLAIN } ground_kind;

static ground_kind kind;
static model models[2];
static long operations, refused, unsupported;

/* Whether the view goes through pointers. Only where the memory does. */
static int is_indirect(const mv_view *view, const model *m)
{
    const mv_buffer *buffer = mv_view_buffer(view);
    if (m->indirect == 0) CHECK_PTR(buffer->suboffsets, NULL);
    return buffer->suboffsets != NULL;
}

/* Holds the answer against the verdict; 1 where there is a new view. */
static int judge(mv_status status, verdict answer, mv_view *const *out)
{
    operations++;
    note(" -> %s\n", mv_status_name(status));
    if (answer.wrong == 0 && status == MV_OK) {
        CHECK(*out != NULL);
        return 1;
    }
    if (answer.wrong == 0 && (answer.perhaps & CAUSE(status)) == 0)
        FAIL("answered %s (%.200s), expected MV_OK", mv_status_name(status), error.message);
    if (answer.wrong != 0 && (status == MV_OK || ((answer.wrong | answer.perhaps) & CAUSE(status)) == 0))
        FAIL("answered %s, expected one of the bits 0x%x", mv_status_name(status), (unsigned)answer.wrong);
    CHECK_PTR(*out, NULL);
    CHECK_INT(error.status, status);
    refused++;
    unsupported += status == MV_E_UNSUPPORTED;
    return 0;
}

/* A bound: nothing, near the dimension, or far away. */
static ptrdiff_t some_bound(ptrdiff_t length, mv_index *item, uint32_t bit)
{
    if (random_percent(45)) return random_between(-1000, 1000);
    item->given |= bit;
    if (random_percent(3)) return PTRDIFF_MAX;
    if (random_percent(3)) return PTRDIFF_MIN;
    return random_between(-(int)length - 2, (int)length + 2);
}

static mv_index some_item(ptrdiff_t length)
{
    static const ptrdiff_t steps[] = {1,  1,  2,  2, 3,           -1,          -1,
                                      -1, -2, -3, 5, PTRDIFF_MAX, PTRDIFF_MIN, -PTRDIFF_MAX};
    mv_index item = {MV_INDEX_SLICE, 0, 7, 7, 7}; /* what is not given has any value */
    if (random_percent(30)) {
        item.kind = MV_INDEX_AT;
        item.given = 1;
        item.start = random_between(-(int)length, length > 0 ? (int)length - 1 : 0);
        if (random_percent(4)) item.start = random_between(-(int)length - 2, (int)length + 1);
        if (random_percent(1)) item.start = random_percent(50) ? PTRDIFF_MAX : PTRDIFF_MIN;
        return item;
    }
    item.start = some_bound(length, &item, 1);
    item.stop = some_bound(length, &item, 2);
    item.step = steps[random_below((int)(sizeof steps / sizeof *steps))];
    if (random_percent(50)) item.given |= 4;
    if (random_percent(1)) {
        item.given |= 4;
        item.step = 0;
    }
    return item;
}

/* At most 3 more than there are dimensions. */
static int some_index(const model *from, mv_index *items)
{
    static const mv_index ellipsis = MV_ELLIPSIS, newaxis = MV_NEWAXIS, whole = MV_ALL;
    int count = 0, dim = 0, added = 0;
    while (dim < from->ndim || random_percent(10)) {
        if (added < 2 && from->ndim + added < 8 && random_percent(8)) {
            items[count++] = newaxis;
            added++;
        } else if (random_percent(7)) {
            items[count++] = ellipsis;
            dim += random_below(3);
        } else {
            if (dim >= from->ndim && random_percent(80)) break;
            items[count++] = random_percent(20) ? whole : some_item(dim < from->ndim ? from->shape[dim] : 3);
            dim++;
        }
        if (random_percent(5) || count == 12) break;
    }
    if (random_percent(1) && count > 0) items[random_below(count)].kind = random_percent(50) ? 4 : -1;
    return count;
}

static void write_blanks(char **at)
{
    while (random_percent(8)) *(*at)++ = " \t\n"[random_below(3)];
}

static void write_number(char **at, ptrdiff_t value)
{
    write_blanks(at);
    if (value == PTRDIFF_MAX && random_percent(50))
        *at += sprintf(*at, "99999999999999999999999");
    else if (value == PTRDIFF_MIN && random_percent(50))
        *at += sprintf(*at, "-99999999999999999999999");
    else
        *at += sprintf(*at, "%s%td", value >= 0 && random_percent(5) ? "+" : "", value);
    write_blanks(at);
}

static void write_index(const mv_index *items, int count, char *at)
{
    for (int i = 0; i < count; i++) {
        if (i > 0) *at++ = ',';
        write_blanks(&at);
        if (items[i].kind == MV_INDEX_ELLIPSIS) at += sprintf(at, "...");
        if (items[i].kind == MV_INDEX_NEWAXIS)
            at += sprintf(at, "%s", random_percent(50) ? "newaxis" : "None");
        if (items[i].kind == MV_INDEX_AT) write_number(&at, items[i].start);
        write_blanks(&at);
        if (items[i].kind != MV_INDEX_SLICE) continue;
        if ((items[i].given & 1) != 0) write_number(&at, items[i].start);
        *at++ = ':';
        if ((items[i].given & 2) != 0) write_number(&at, items[i].stop);
        if ((items[i].given & 4) == 0 && random_percent(80)) continue;
        *at++ = ':';
        if ((items[i].given & 4) != 0) write_number(&at, items[i].step);
    }
    if (count == 0)
        at += sprintf(at, "...");
    else if (random_percent(5))
        *at++ = ',';
    *at = '\0';
}

static int apply_index(mv_view *view, const model *from, model *to, mv_view **out)
{
    static char text[4096];
    mv_index items[16], parsed[16];
    int count = some_index(from, items), parsed_count = -1, known = 1;
    for (int i = 0; i < count; i++)
        known = known && items[i].kind >= MV_INDEX_AT && items[i].kind <= MV_INDEX_NEWAXIS;
    verdict answer = model_index(from, items, count, to);
    /* Two dereferences would meet where the index takes one position of the dimension between them. */
    if (from->indirect > 1 || !ground.strict) answer.perhaps = CAUSE(MV_E_UNSUPPORTED);
    write_index(items, count, text);
    mv_status status;
    if (known && random_percent(40)) {
        note("slice \"%s\"", text);
        if (random_percent(10)) CHECK_OK(mv_index_parse(text, parsed, 16, &parsed_count, &error));
        if (parsed_count >= 0 && count > 0) CHECK_INT(parsed_count, count);
        status = mv_view_slice(view, text, out, &error);
    } else {
        note("index \"%s\"%s", text, known ? "" : " with an unknown kind");
        status = mv_view_index(view, items, count, out, &error);
    }
    if (status == MV_E_INDEX && answer.wrong == CAUSE(MV_E_INDEX) && model_fault.faults == 1) {
        CHECK_INT(error.dim, model_fault.dim);
        CHECK_INT(error.value, model_fault.value);
        CHECK_INT(error.limit, model_fault.limit);
    }
    return judge(status, answer, out);
}

static int apply_transpose(mv_view *view, const model *from, model *to, mv_view **out)
{
    int axes[MODEL_NDIM + 1], count = from->ndim;
    const int reverse = random_percent(25);
    for (int i = 0; i < count; i++) axes[i] = i;
    for (int i = count - 1; i > 0; i--) {
        const int other = random_below(i + 1), axis = axes[i];
        axes[i] = axes[other];
        axes[other] = axis;
    }
    for (int i = 0; i < count; i++)
        if (random_percent(15)) axes[i] -= from->ndim;
    if (count > 0 && random_percent(3)) axes[random_below(count)] = random_between(-count - 1, count);
    if (random_percent(2)) axes[count++] = 0;
    note("transpose (");
    for (int i = 0; i < count; i++) note(" %d", axes[i]);
    note(" )%s", reverse ? " or rather reversed" : "");
    verdict answer = model_transpose(from, reverse ? NULL : axes, reverse ? 0 : count, to);
    if (is_indirect(view, from)) answer.perhaps = CAUSE(MV_E_UNSUPPORTED);
    return judge(mv_view_transpose(view, reverse ? NULL : axes, reverse ? 0 : count, out, &error), answer,
                 out);
}

/* A shape of so many items, now and then of a few more or less. */
static int some_shape(ptrdiff_t items, ptrdiff_t *shape)
{
    int ndim = 0;
    while (items > 1 && ndim < 5) {
        ptrdiff_t extent = random_between(2, 7);
        if (items % extent != 0) extent = ndim < 4 && random_percent(60) ? 1 : items;
        if (ndim == 4) extent = items;
        shape[ndim++] = extent;
        items /= extent;
    }
    if (items == 0) shape[ndim++] = 0;
    if (random_percent(20)) shape[ndim++] = 1;
    for (int i = ndim - 1; i > 0; i--) {
        const int other = random_below(i + 1);
        const ptrdiff_t extent = shape[i];
        shape[i] = shape[other];
        shape[other] = extent;
    }
    if (ndim > 0 && random_percent(3)) shape[random_below(ndim)] = random_between(-2, 4);
    return ndim;
}

static void note_shape(const char *what, const ptrdiff_t *shape, int ndim, int order)
{
    note("%s [", what);
    for (int dim = 0; dim < ndim; dim++) note("%s%td", dim ? ", " : "", shape[dim]);
    note(ndim < 0 ? "no shape] order %c" : "] order %c", order);
}

static int apply_reshape(mv_view *view, const model *from, model *to, mv_view **out)
{
    ptrdiff_t shape[8];
    const int ndim = some_shape(from->count, shape),
              order = random_percent(1) ? 'x' : "CCCFFA"[random_below(6)];
    if (ndim > 0 && random_percent(25)) shape[random_below(ndim)] = -1;
    if (ndim > 0 && random_percent(1)) shape[random_below(ndim)] = -1;
    note_shape("reshape", shape, ndim, order);
    const verdict answer = model_reshape(from, shape, ndim, order, is_indirect(view, from), to);
    return judge(mv_view_reshape(view, shape, ndim, order, out, &error), answer, out);
}

static int apply_broadcast(mv_view *view, const model *from, model *to, mv_view **out)
{
    ptrdiff_t shape[MODEL_NDIM] = {0};
    const int added = random_below(3), ndim = from->ndim + added - random_percent(3);
    for (int dim = 0; dim < ndim; dim++) {
        const ptrdiff_t extent = dim < added || dim >= from->ndim + added ? 1 : from->shape[dim - added];
        shape[dim] =
            extent == 1 && random_percent(50) ? random_between(random_percent(3) ? 0 : 1, 3) : extent;
    }
    if (ndim > 0 && random_percent(4)) shape[random_below(ndim)] = random_between(-1, 3);
    if (ndim < 0 || ndim > 8 || model_product(shape, ndim) > 300) return 0;
    note_shape("broadcast", shape, ndim, ' ');
    const verdict answer = model_broadcast(from, shape, ndim, is_indirect(view, from), to);
    return judge(mv_view_broadcast(view, shape, ndim, out, &error), answer, out);
}

static int apply_cast(mv_view *view, const model *from, model *to, mv_view **out)
{
    ptrdiff_t shape[8];
    const ptrdiff_t nbytes = from->count * from->itemsize;
    int ndim = -1, order = random_percent(75) ? 'C' : random_percent(95) ? 'F' : 'A', format;
    do format = random_below(GROUND_FORMATS - 1);
    while (nbytes / ground_formats[format].itemsize > MODEL_ITEMS);
    const char *text = ground_formats[format].text;
    ptrdiff_t itemsize = ground_formats[format].itemsize;
    if (random_percent(10)) text = from->format, itemsize = from->itemsize;
    const int keep = text == from->format && random_percent(80);
    if (random_percent(60)) ndim = some_shape(nbytes / itemsize, shape);
    if (random_percent(1)) ndim = -2;
    if (random_percent(2) && !keep) text = random_percent(50) ? "" : "y", itemsize = 0;
    note_shape("cast", shape, ndim, order);
    note(" format %s", keep ? "NULL" : text);
    verdict answer =
        model_cast(from, text, itemsize, shape, ndim < -1 ? -1 : ndim, order, is_indirect(view, from), to);
    if (ndim < -1) answer.wrong |= CAUSE(MV_E_VALUE);
    /* Whether a text other than a native character may be named, and not only kept, is left open. */
    if (!keep && text[0] == 'T') answer.perhaps = CAUSE(MV_E_FORMAT);
    if (!keep && text[0] == 'T' && answer.wrong != 0) answer.wrong |= CAUSE(MV_E_FORMAT);
    return judge(mv_view_cast(view, keep ? NULL : text, ndim < 0 ? NULL : shape, ndim, order, out, &error),
                 answer, out);
}

/* The part of `from` that is positions `start` to `start` + `extent` of one axis. */
static void model_part(const model *from, int axis, ptrdiff_t start, ptrdiff_t extent, model *to)
{
    mv_index items[MODEL_NDIM];
    for (int dim = 0; dim < from->ndim; dim++) {
        const mv_index whole = MV_ALL, some = MV_SLICE(start, start + extent);
        items[dim] = dim == axis ? some : whole;
    }
    CHECK_INT(model_index(from, items, from->ndim, to).wrong, 0);
}

/* Whether the view has the model's shape and items. */
static int is_same(const mv_view *view, const model *m)
{
    const mv_buffer *buffer = mv_view_buffer(view);
    ptrdiff_t index[MODEL_NDIM];
    if (buffer->ndim != m->ndim) return 0;
    for (int dim = 0; dim < m->ndim; dim++)
        if (buffer->shape[dim] != m->shape[dim]) return 0;
    for (ptrdiff_t flat = 0; flat < m->count; flat++) {
        model_unravel(m->shape, m->ndim, 'C', flat, index);
        if (model_address(buffer, index) != m->items[flat]) return 0;
    }
    return 1;
}

/* Whether the parts are those of this axis: in order, without gaps, balanced. */
static int is_split_along(mv_view *const *parts, int count, const model *from, int axis, int wanted,
                          model *to)
{
    static model part;
    ptrdiff_t start = 0;
    for (int i = 0; i < count; i++) {
        const ptrdiff_t each = from->shape[axis] / count;
        if (mv_view_buffer(parts[i])->ndim != from->ndim) return 0;
        const ptrdiff_t extent = mv_view_buffer(parts[i])->shape[axis];
        if (extent < each || extent > each + 1) return 0;
        model_part(from, axis, start, extent, i == wanted ? to : &part);
        if (!is_same(parts[i], i == wanted ? to : &part)) return 0;
        start += extent;
    }
    return start == from->shape[axis];
}

static int apply_split(mv_view *view, const model *from, model *to, mv_view **out)
{
    mv_view *parts[8];
    const int count = random_between(random_percent(3) ? -1 : 1, 6);
    const int wanted = random_between(0, count > 0 ? count - 1 : 0) + (random_percent(2) ? count : 0);
    verdict answer = {count < 1 || wanted >= count ? CAUSE(MV_E_VALUE) : 0, 0};
    if (from->ndim == 0 && (count != 1 || wanted != 0)) answer.wrong |= CAUSE(MV_E_TYPE);
    if (from->indirect > 0 && !ground.strict) answer.perhaps = CAUSE(MV_E_UNSUPPORTED);
    note("split: part %d of %d", wanted, count);
    if (!judge(mv_view_split(view, wanted, count, out, &error), answer, out)) return 0;
    for (int i = 0; i < count; i++) {
        const mv_status status = mv_view_split(view, i, count, &parts[i], &error);
        if (status == MV_OK) continue;
        if ((answer.perhaps & CAUSE(status)) == 0) FAIL("part %d is refused: %.200s", i, error.message);
        while (i-- > 0) mv_view_unref(parts[i]);
        mv_view_unref(*out);
        return 0;
    }
    int axis = from->ndim - 1;
    if (from->ndim == 0) CHECK(model_index(from, NULL, 0, to).wrong == 0 && is_same(parts[0], to));
    while (axis >= 0 && !is_split_along(parts, count, from, axis, wanted, to)) axis--;
    if (from->ndim > 0 && axis < 0) FAIL("the %d parts are not a balanced split along any axis", count);
    for (int i = 0; i < count; i++) mv_view_unref(parts[i]);
    return 1;
}

/* The same items once more. */
static int apply_again(mv_view *view, const model *from, model *to, mv_view **out)
{
    static const verdict fine = {0, 0};
    const int how = random_below(4);
    CHECK_INT(model_index(from, NULL, 0, to).wrong, 0);
    note(how == 0 ? "toreadonly" : how == 1 ? "view of the view" : how == 2 ? "reexport" : "new_for");
    if (how == 0) to->readonly = 1;
    mv_request request = MV_REQUEST_INIT;
    request.ndim = from->ndim;
    request.format = from->format;
    return judge(how == 0   ? mv_view_toreadonly(view, out, &error)
                 : how == 1 ? mv_view_new(mv_view_as_object(view), MV_FULL_RO, out, &error)
                 : how == 2 ? mv_view_reexport(view, out, &error)
                            : mv_view_new_for(mv_view_as_object(view), &request, out, &error),
                 fine, out);
}

#include "program_checks.h"

static void run_program(void)
{
    mv_view *views[9];
    int held = 1, steps = random_between(1, 8);
    model *now = &models[0], *next = &models[1];
    if (kind == ARRAYS) ground_array();
    if (kind == STRIDED) ground_strided(200);
    if (kind == POINTERS) ground_pointers();
    if (kind == PLAIN) ground_plain();
    views[0] = ground.view;
    model_begin(now, &ground.want);
    for (; steps > 0; steps--) {
        static int (*const choices[])(mv_view *, const model *, model *, mv_view **) = {
            apply_index, apply_index,     apply_index,   apply_index,   apply_index,
            apply_index, apply_transpose, apply_cast,    apply_cast,    apply_split,
            apply_again, apply_transpose, apply_reshape, apply_reshape, apply_broadcast,
        };
        const int several = (int)(sizeof choices / sizeof *choices), choice = random_below(several);
        mv_view *out = (mv_view *)&models;
        memset(&error, 0, sizeof error);
        if (!(kind == PLAIN && random_percent(30) ? apply_cast : choices[choice])(views[held - 1], now, next,
                                                                                  &out))
            continue;
        model *old = now;
        now = next, next = old;
        views[held++] = out;
        if (random_percent(10)) mv_view_unref(views[--held - 1]), views[held - 1] = out;
    }
    check_view(views[held - 1], now);
    if (random_percent(50)) check_writes(views[held - 1], now);
    ground_check();
    while (held > 0) mv_view_unref(views[--held]);
    ground_leave();
}

static void run_programs(ground_kind which, const char *what)
{
    kind = which;
    random_rounds(what, (uint64_t)which, 50000, run_program);
    printf("%ld operations, %ld refused as predicted, %ld of them MV_E_UNSUPPORTED\n", operations, refused,
           unsupported);
}

TEST(arrays)
{
    run_programs(ARRAYS, "programs on arrays");
}

TEST(described_memory)
{
    run_programs(STRIDED, "programs on memory of any strides");
}

TEST(tables_of_pointers)
{
    run_programs(POINTERS, "programs on tables of pointers");
}

TEST(bytes_and_casts)
{
    run_programs(PLAIN, "programs on bytes");
}
