/* Exporters that break the contract, or keep it in unusual ways: what a consumer is given all the same. */
#include "adversary.h"

static mv_object *object;
static mv_view *view;
static adversary a;

/* Case 48: what a failing acquire leaves behind is wiped, its status comes through, and release is not
   called. */
static void fail_unterminated(mv_error *to)
{
    memset(to, 'x', sizeof *to);
}

static void fail_in_words(mv_error *to)
{
    mv_fail(to, MV_E_NOT_FOUND, "the sensor is unplugged");
    to->value = 42;
}

TEST(fault_048_acquire_fails_with_a_half_filled_struct)
{
    static const mv_status statuses[] = {MV_E_NOT_FOUND, MV_E_SYSTEM, MV_E_BUFFER, MV_E_VERSION};
    for (int boxed = 0; boxed < 2; boxed++) {
        object = boxed ? adversary_custom(&a) : adversary_object(&a);
        for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
            a.status = statuses[i];
            CHECK_ACQUIRE(object, MV_FULL_RO, statuses[i]);
            CHECK_REFUSED(mv_view_new(object, MV_FULL_RO, &view, &error), view, statuses[i]);
            CHECK_REFUSED(mv_view_contiguous(object, MV_READ, 'C', &view, &error), view, statuses[i]);
        }
        CHECK_INT_OF(a.calls, 12);
        CHECK_ADVERSARY(&a, 0, 0, 0);
        CHECK_SIZE(mv_object_exports(object), 0);
        mv_object_unref(object);
        CHECK_INT_OF(a.frees, 1);
    }
}

TEST(fault_048_error_of_a_failing_acquire)
{
    object = adversary_object(&a);
    a.status = MV_E_NOT_FOUND;
    a.fill_error = fail_in_words;
    CHECK_ACQUIRE(object, MV_FULL_RO, MV_E_NOT_FOUND);
    CHECK_STATUS(mv_view_new(object, MV_FULL_RO, &view, &error), MV_E_NOT_FOUND);
    CHECK(strstr(error.message, "the sensor is unplugged") != NULL);
    CHECK_INT(error.value, 42);
    CHECK_INT(mv_view_new(object, MV_FULL_RO, &view, NULL), MV_E_NOT_FOUND);
    a.status = MV_E_SYSTEM; /* the callback's error says otherwise: what it returned counts */
    CHECK_ACQUIRE(object, MV_FULL_RO, MV_E_SYSTEM);
    a.fill_error = fail_unterminated;
    CHECK_ACQUIRE(object, MV_FULL_RO, MV_E_SYSTEM);
    CHECK_INT_OF(a.references, 1);
}

TEST(fault_048_statuses_that_nobody_knows)
{
    static const int32_t statuses[] = {22, 777, -1, INT32_MAX, INT32_MIN};
    object = adversary_custom(&a);
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        a.status = (mv_status)statuses[i];
        CHECK_ACQUIRE(object, MV_FULL_RO, (mv_status)statuses[i]);
        CHECK_STR(mv_status_name(statuses[i]), "unknown");
        CHECK_STR(mv_status_exception(statuses[i]), "SystemError");
    }
    a.status = MV_OK;
    CHECK_ACQUIRE(object, MV_FULL_RO, MV_OK);
    CHECK_ADVERSARY(&a, 1, 1, 0);
    mv_object_unref(object);
}

/* The error is the caller's only where the call fails: a callback that writes to it and succeeds changes
   nothing. */
TEST(fault_048_error_written_by_a_successful_acquire)
{
    object = adversary_object(&a);
    a.fill_error = fail_in_words;
    CHECK_ACQUIRE(object, MV_FULL_RO, MV_OK);
    view = view_of(object);
    mv_view_unref(view);
    CHECK_ADVERSARY(&a, 2, 2, 0);
}

/* Case 49: an answer that breaks the contract. The change is made to a good one. */
static const ptrdiff_t negative[] = {4, -1}, giant[] = {PTRDIFF_MAX, 2}, some[] = {4, 4},
                       wide[] = {PTRDIFF_MAX, 8};
static const ptrdiff_t least[] = {PTRDIFF_MIN, 1};

static void break_answer(mv_buffer *answer, int number)
{
    answer->ndim = 2;
    answer->shape = answer->strides = some;
    switch (number) {
    case 0: answer->buf = NULL; break;
    case 1: answer->ndim = -1; break;
    case 2: answer->itemsize = 0; break;
    case 3: answer->itemsize = -1; break;
    case 4: answer->shape = NULL; break;
    case 5: answer->shape = negative; break;
    case 6: answer->shape = giant; break;
    case 7: answer->len = 15; break;
    case 8: answer->len = -16; break;
    default: answer->strides = number == 9 ? wide : least; break;
    }
}

enum { BROKEN_FIELDS = 9, BROKEN = 11 };

static void check_broken(mv_object *broken, int from, int to)
{
    for (int i = from; i < to; i++) {
        adversary good;
        adversary_init(&good);
        a.answer = good.answer;
        break_answer(&a.answer, i);
        a.answer.internal = &a.shape[i % 4];
        const int before = a.releases;
        CHECK_ACQUIRE(broken, MV_FULL_RO, MV_E_CALLBACK);
        CHECK_INT_OF(a.releases, before + 1);
        CHECK_PTR(a.released_internal, a.answer.internal);
        CHECK_ACQUIRE(broken, MV_STRIDES, MV_E_CALLBACK);
        CHECK_REFUSED(mv_view_new(broken, MV_FULL_RO, &view, &error), view, MV_E_CALLBACK);
        CHECK_REFUSED(mv_view_contiguous(broken, MV_READ, 'C', &view, &error), view, MV_E_CALLBACK);
        CHECK_INT_OF(a.grants, a.releases);
    }
    CHECK_SIZE(mv_object_exports(broken), 0);
}

TEST(fault_049_answers_that_break_the_contract)
{
    object = adversary_object(&a);
    check_broken(object, 0, BROKEN_FIELDS);
    CHECK_INT_OF(a.references, 1);
    CHECK_ADVERSARY(&a, 4 * BROKEN_FIELDS, 4 * BROKEN_FIELDS, 0);
    mv_object_unref(object);
    CHECK_INT_OF(a.frees, 1);
}

TEST(fault_049_answers_of_a_boxed_exporter_that_break_the_contract)
{
    object = adversary_custom(&a);
    check_broken(object, 0, BROKEN_FIELDS);
    CHECK_ADVERSARY(&a, 4 * BROKEN_FIELDS, 4 * BROKEN_FIELDS, 0);
    mv_object_unref(object);
    CHECK_INT_OF(a.frees, 1);
}

/* Strides whose last item lies further away than a number can say: cases 17 and 18, in an exporter's
   answer. */
TEST(fault_049_answers_whose_strides_overflow)
{
    object = adversary_object(&a);
    check_broken(object, BROKEN_FIELDS, BROKEN);
    CHECK_INT_OF(a.references, 1);
}

TEST(fault_049_answer_of_65_dimensions)
{
    static ptrdiff_t ones[65];
    for (int i = 0; i < 65; i++) ones[i] = 1;
    object = adversary_object(&a);
    a.answer.shape = a.answer.strides = ones;
    a.answer.ndim = 64;
    CHECK_ACQUIRE(object, MV_FULL_RO, MV_OK);
    a.answer.ndim = 65;
    CHECK_ACQUIRE(object, MV_FULL_RO, MV_E_CALLBACK);
    a.answer.ndim = INT32_MAX;
    CHECK_ACQUIRE(object, MV_FULL_RO, MV_E_CALLBACK);
    CHECK_ADVERSARY(&a, 3, 3, 0);
}

/* No byte past the memory is read, however the items are asked for. */
TEST(fault_049_answer_whose_format_is_longer_than_its_items)
{
    double value = 0;
    object = adversary_object(&a);
    a.answer.format = "d";
    const mv_status status = mv_view_new(object, MV_FULL_RO, &view, &error);
    CHECK_INT_OF(a.grants, 1);
    if (status != MV_OK) {
        CHECK(view == NULL && status == MV_E_CALLBACK);
    } else {
        CHECK_STATUS(mv_view_get_f64(view, (const ptrdiff_t[]){15}, 1, &value, &error), MV_E_FORMAT);
        mv_view_unref(view);
    }
    CHECK_ADVERSARY(&a, 1, 1, 0);
}

/* What memview fills is memview's: whatever an exporter writes there is not believed. */
TEST(fault_049_answer_with_an_obj_of_its_own)
{
    mv_buffer buffer;
    adversary other;
    adversary_init(&other);
    for (int boxed = 0; boxed < 2; boxed++) {
        object = boxed ? adversary_custom(&a) : adversary_object(&a);
        a.answer.obj = &other.object;
        a.answer.readonly = 7;
        CHECK_OK(mv_buffer_acquire(object, MV_FULL_RO, &buffer, &error));
        CHECK_PTR(buffer.obj, object);
        CHECK_INT(buffer.readonly, 1);
        mv_buffer_release(&buffer);
        CHECK_ACQUIRE(object, MV_FULL, MV_E_BUFFER);
        CHECK_ADVERSARY(&a, 2, 2, 0);
        mv_object_unref(object);
        CHECK_INT_OF(a.frees, 1);
    }
    CHECK_ADVERSARY(&other, 0, 0, 0);
    CHECK_INT_OF(other.references, 1);
}

/* pybind11 #852, numba #441, Imath #266: what was acquired is given back on every path that refuses it. */
TEST(pybind11_852_refused_answers_are_released)
{
    mv_request request = MV_REQUEST_INIT;
    mv_buffer buffer;
    const ptrdiff_t columns[] = {1, 4};
    object = adversary_object(&a);
    a.answer.ndim = 2;
    a.answer.shape = some;
    a.answer.strides = columns;
    CHECK_ACQUIRE(object, MV_SIMPLE, MV_E_BUFFER);
    CHECK_ACQUIRE(object, MV_ND, MV_E_BUFFER);
    CHECK_ACQUIRE(object, MV_C_CONTIGUOUS, MV_E_BUFFER);
    CHECK_ACQUIRE(object, MV_F_CONTIGUOUS, MV_OK);
    CHECK_REFUSED(mv_view_new(object, MV_C_CONTIGUOUS | MV_FORMAT, &view, &error), view, MV_E_BUFFER);
    request.format = "d";
    CHECK_STATUS(mv_buffer_acquire_for(object, &request, &buffer, &error), MV_E_BUFFER);
    check_empty_buffer(&buffer, __FILE__, __LINE__);
    request.format = NULL;
    request.ndim = 1;
    CHECK_REFUSED(mv_view_new_for(object, &request, &view, &error), view, MV_E_BUFFER);
    CHECK_REFUSED(mv_view_contiguous(object, MV_WRITE, 'C', &view, &error), view, MV_E_BUFFER);
    CHECK_ADVERSARY(&a, 8, 8, 0);
    CHECK_INT_OF(a.references, 1);
}

/* gh-104371: an error that is on its way is not lost to a release callback that fails at something of its
   own. */
static void fail_at_something_else(adversary *self)
{
    self->seen = mv_bytearray_resize(self->own, 1, &error);
}

TEST(cpython_104371_release_while_an_error_is_pending)
{
    object = adversary_object(&a);
    a.answer.readonly = 1;
    a.on_release = fail_at_something_else;
    CHECK_ACQUIRE(object, MV_FULL, MV_E_BUFFER);
    CHECK_INT(a.seen, MV_E_TYPE);
    CHECK_ADVERSARY(&a, 1, 1, 0);
}

/* cupy #2095: strides that are NULL mean C order, and are not followed. */
TEST(cupy_2095_exporter_without_strides)
{
    mv_buffer buffer;
    const ptrdiff_t shape[] = {2, 8}, strides[] = {8, 1};
    object = adversary_object(&a);
    a.answer.ndim = 2;
    a.answer.shape = shape;
    a.answer.strides = NULL;
    view = view_of(object);
    CHECK_BYTES(mv_view_buffer(view)->strides, strides, sizeof strides);
    CHECK_ITEMS(view, a.bytes, 16);
    mv_view_unref(view);
    CHECK_OK(mv_buffer_acquire(object, MV_ND, &buffer, &error));
    CHECK_BYTES(buffer.shape, shape, sizeof shape);
    CHECK_INT(mv_buffer_is_contiguous(&buffer, 'C'), 1);
    mv_buffer_release(&buffer);
    CHECK_ADVERSARY(&a, 2, 2, 0);
}

/* numpy #9456: memory with suboffsets in the hands of one who did not ask for them. */
TEST(numpy_9456_suboffsets_for_who_cannot_follow_them)
{
    static unsigned char row[2][4] = {{1, 2, 3, 4}, {5, 6, 7, 8}};
    static void *table[2] = {row[0], row[1]};
    static const ptrdiff_t shape[] = {2, 4}, strides[] = {sizeof(void *), 1}, suboffsets[] = {0, -1};
    object = adversary_object(&a);
    a.answer = (mv_buffer){table, NULL, 0, 1, 0, 2, "B", shape, strides, suboffsets, NULL};
    CHECK_ACQUIRE(object, MV_SIMPLE, MV_E_BUFFER);
    CHECK_ACQUIRE(object, MV_STRIDES, MV_E_BUFFER);
    CHECK_ACQUIRE(object, MV_RECORDS, MV_E_BUFFER);
    CHECK_ACQUIRE(object, MV_ANY_CONTIGUOUS, MV_E_BUFFER);
    CHECK_ACQUIRE(object, MV_INDIRECT, MV_OK);
    view = view_of(object);
    CHECK_ITEMS(view, "\1\2\3\4\5\6\7\x8", 8);
    mv_view_unref(view);
    CHECK_ADVERSARY(&a, 6, 6, 0);
}

/* Case 50: views have copies of their own. */
TEST(fault_050_exporter_changes_its_arrays_under_a_view)
{
    int64_t value = 0;
    mv_view *part = NULL;
    object = adversary_custom(&a);
    view = view_of(object);
    CHECK_OK(mv_view_slice(view, "::2", &part, &error));
    memset(a.shape, 0x7f, sizeof a.shape);
    memset(a.strides, 0x7f, sizeof a.strides);
    CHECK_INT(mv_view_buffer(view)->shape[0], 16);
    CHECK_INT(mv_view_buffer(view)->strides[0], 1);
    CHECK_OK(mv_view_get_i64(view, (const ptrdiff_t[]){-1}, 1, &value, &error));
    CHECK_INT(value, 15);
    CHECK_STATUS(mv_view_get_i64(view, (const ptrdiff_t[]){16}, 1, &value, &error), MV_E_INDEX);
    CHECK_ITEMS(part, "\0\2\4\6\x8\xa\xc\xe", 8);
    mv_view_unref(part);
    mv_view_unref(view);
    mv_object_unref(object);
    CHECK_ADVERSARY(&a, 1, 1, 1);
}
