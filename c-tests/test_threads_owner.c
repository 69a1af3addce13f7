/* Many threads, and an owner who takes back, leases, counts and names those who hold his memory. */
#include "pages.h"
#include "crowd.h"

static mv_object *object;
static mv_view *view;
static atomic_int successes, freed;

static void check_free_and_drop(void)
{
    CHECK_SIZE(mv_object_exports(object), 0);
    CHECK_OK(mv_bytearray_resize(object, 1, &error));
    mv_object_unref(object);
}

static void prepare_bytearray(void)
{
    CHECK_OK(mv_bytearray_new(NULL, 64, &object, &error));
    successes = 0;
}

/* After the revoke that answers MV_OK the pages cannot be touched: whoever still does so ends the process.
   Each thread writes a part of its own, but the first, which is nobody's. */
enum { PART = 1 << 16, PAGES = CROWD * PART };
static unsigned char *pages;
static mv_view *parts[CROWD];

static void prepare_pages(void)
{
    pages = pages_new(PAGES);
    freed = 0;
    CHECK_OK(mv_memory_new(pages, PAGES, 0, count_free, &freed, &object, &error));
    view = view_of(object);
    for (int i = 0; i < CROWD; i++) CHECK_OK(mv_view_split(view, i, CROWD, &parts[i], &error));
}

static void revoke_and_take_away(void)
{
    mv_status status;
    while ((status = mv_object_revoke(object, NULL)) == MV_E_EXPORTED) sched_yield();
    CHECK_INT(status, MV_OK);
    pages_forbid(pages, PAGES);
}

/* One of many things to do with the memory; what it was answered. */
static mv_status touch(int number, int what)
{
    static const ptrdiff_t first[] = {0}, last[] = {PART - 1};
    mv_view *const own = parts[number];
    unsigned char bytes[PART / 2];
    const mv_scalar scalar = {MV_INT, 0, {7}, NULL};
    mv_view *part = NULL, *copy = NULL;
    mv_buffer buffer;
    int64_t value;
    mv_status status = MV_OK;
    switch (what % 8) {
    case 0: return mv_view_get_i64(view, first, 1, &value, NULL);
    case 1: return mv_view_set_i64(own, last, 1, 7, NULL);
    case 2: return mv_view_fill(own, &scalar, NULL);
    case 3:
        status = mv_view_slice(own, "1::2", &part, NULL);
        if (status == MV_OK) status = mv_view_read(part, NULL, 'C', bytes, sizeof bytes, NULL);
        break;
    case 4:
        status = mv_view_reexport(own, &part, NULL);
        if (status == MV_OK) status = mv_view_copy(part, own, NULL);
        break;
    case 5:
        status = mv_buffer_acquire(mv_view_as_object(own), MV_WRITABLE, &buffer, NULL);
        if (status == MV_OK) memset(buffer.buf, 7, (size_t)buffer.len);
        mv_buffer_release(&buffer);
        break;
    case 6:
        status = mv_buffer_acquire(object, MV_WRITABLE, &buffer, NULL);
        if (status == MV_OK) memset((unsigned char *)buffer.buf + number * PART, 7, PART);
        mv_buffer_release(&buffer);
        break;
    default:
        status = mv_view_slice(own, "::2", &part, NULL);
        if (status == MV_OK)
            status = mv_view_contiguous(mv_view_as_object(part), MV_WRITE_BACK, 'C', &copy, NULL);
        if (status == MV_OK) status = mv_view_release(copy, NULL);
        mv_view_unref(copy);
    }
    mv_view_unref(part);
    return status;
}

static void touch_or_revoke(int number)
{
    if (number == 0) {
        revoke_and_take_away();
        return;
    }
    for (int i = 0; i < 50; i++) {
        const mv_status status = touch(number, number + i);
        CHECK(status == MV_OK || status == MV_E_RELEASED);
        if (status == MV_E_RELEASED)
            CHECK_INT(touch(number, number + i), MV_E_RELEASED); /* once and for all */
    }
}

static void check_taken_away(void)
{
    CHECK_OK(mv_object_revoke(object, &error));
    for (int what = 0; what < 8; what++) CHECK_INT(touch(1, what), MV_E_RELEASED);
    for (int i = 0; i < CROWD; i++) mv_view_unref(parts[i]);
    mv_view_unref(view);
    CHECK_INT_OF(freed, 0);
    mv_object_unref(object);
    CHECK_INT_OF(freed, 1);
    pages_free(pages, PAGES);
}

TEST(revoke_against_everything)
{
    crowd_run(100, prepare_pages, touch_or_revoke, check_taken_away);
}

/* At most one exclusive lease at a time: what it guards needs no atomic. */
static long guarded;

static void lease_exclusively(int number)
{
    (void)number;
    for (int i = 0; i < 200000; i++) {
        mv_buffer lease;
        const mv_status status = mv_buffer_acquire(object, MV_FULL | MV_EXCLUSIVE, &lease, NULL);
        if (status == MV_OK) {
            const long before = guarded;
            if (i % 64 == 0) sched_yield();
            guarded = before + 1;
            successes++;
            mv_buffer_release(&lease);
        } else {
            CHECK_INT(status, MV_E_BUSY);
        }
    }
}

static void check_guarded(void)
{
    CHECK(successes > 0);
    CHECK_INT(guarded, successes);
    check_free_and_drop();
}

TEST(exclusive_leases_exclude_each_other)
{
    guarded = 0;
    crowd_run(1, prepare_bytearray, lease_exclusively, check_guarded);
}

/* Whoever holds an immutable lease reads the same bytes twice, whatever the writers do. */
static void read_leased(void)
{
    unsigned char before[64];
    mv_buffer lease;
    const mv_status status = mv_buffer_acquire(object, MV_FULL_RO | MV_IMMUTABLE, &lease, NULL);
    if (status != MV_OK) {
        CHECK_INT(status, MV_E_EXPORTED);
        return;
    }
    CHECK_INT(lease.readonly, 1);
    memcpy(before, lease.buf, sizeof before);
    sched_yield();
    CHECK_BYTES(lease.buf, before, sizeof before);
    successes++;
    mv_buffer_release(&lease);
}

static void write_own_byte(int number, int i)
{
    mv_buffer buffer;
    const mv_status status = mv_buffer_acquire(object, i % 2 == 0 ? MV_FULL : MV_FULL_RO, &buffer, NULL);
    if (status != MV_OK) {
        CHECK(status == MV_E_BUSY && i % 2 == 0);
        return;
    }
    if (buffer.readonly == 0) ((unsigned char *)buffer.buf)[number] = (unsigned char)i;
    CHECK(buffer.readonly == 0 || i % 2 == 1);
    mv_buffer_release(&buffer);
}

static void read_or_write(int number)
{
    for (int i = 0, turns = (int)effort(30000); i < turns; i++) {
        if (number % 2 == 0) read_leased();
        if (number % 2 == 1) write_own_byte(number, i);
    }
}

TEST(immutable_leases_against_writers)
{
    crowd_run(1, prepare_bytearray, read_or_write, check_free_and_drop);
}

/* Every label is there while its buffer is, and is gone with it. */
static void hold_with_a_label(int number)
{
    char label[16], quoted[24], text[4096];
    mv_request request = MV_REQUEST_INIT;
    snprintf(label, sizeof label, "thread %d", number);
    snprintf(quoted, sizeof quoted, "'%s'", label);
    request.label = label;
    for (int i = 0; i < 5000; i++) {
        mv_buffer buffer;
        mv_view *mine = NULL;
        CHECK_OK(mv_buffer_acquire_for(object, &request, &buffer, &error));
        CHECK_OK(mv_view_new_for(object, &request, &mine, &error));
        CHECK_OK(mv_object_holders(object, text, sizeof text, NULL, &error));
        CHECK(strstr(text, quoted) != NULL && strlen(text) <= 2 * CROWD * (strlen(quoted) + 2) - 2);
        CHECK_STATUS(mv_bytearray_resize(object, 65, &error), MV_E_EXPORTED);
        CHECK(strstr(error.message, quoted) != NULL);
        mv_buffer_release(&buffer);
        mv_view_unref(mine);
        CHECK_OK(mv_object_holders(object, text, sizeof text, NULL, &error));
        CHECK(strstr(text, quoted) == NULL);
    }
}

static void check_no_labels(void)
{
    size_t length = 1;
    CHECK_OK(mv_object_holders(object, NULL, 0, &length, &error));
    CHECK_SIZE(length, 0);
    check_free_and_drop();
}

TEST(labels_come_and_go)
{
    crowd_run(1, prepare_bytearray, hold_with_a_label, check_no_labels);
}

/* References of one object. */
static adversary a;

static void prepare_adversary(void)
{
    object = adversary_custom(&a);
    for (int i = 1; i < CROWD; i++) mv_object_ref(object);
}

static void take_and_drop_references(int number)
{
    for (int i = 0; i < 200000; i++) {
        mv_object *const mine = mv_object_ref(object);
        CHECK_PTR(mine, object);
        if (i % 256 == number) CHECK_ACQUIRE(mine, MV_FULL, MV_OK);
        mv_object_unref(mine);
    }
    mv_object_unref(object);
}

static void check_adversary_freed(void)
{
    CHECK_INT_OF(a.grants, a.releases);
    CHECK_INT_OF(a.frees, 1);
}

TEST(references_of_one_object)
{
    crowd_run(3, prepare_adversary, take_and_drop_references, check_adversary_freed);
}

/* A view for each thread, that meets no other: parts of one view, and acquisitions of their own. */
static void prepare_view(void)
{
    prepare_bytearray();
    view = view_of(object);
}

static void fill_own_part(int number)
{
    const mv_scalar value = {MV_INT, 0, {number + 1}, NULL};
    for (int i = 0; i < 30000; i++) {
        mv_view *own = NULL, *part = NULL;
        CHECK_OK(mv_view_reexport(view, &own, &error));
        CHECK_OK(mv_view_split(own, number, CROWD, &part, &error));
        CHECK_OK(mv_view_fill(part, &value, &error));
        CHECK_OK(mv_view_release(own, &error));
        CHECK_INT(mv_view_buffer(part)->len, 8);
        mv_view_unref(part);
        mv_view_unref(own);
    }
}

static void check_filled(void)
{
    unsigned char expected[64];
    for (int i = 0; i < 64; i++) expected[i] = (unsigned char)(i / 8 + 1);
    CHECK_ITEMS(view, expected, 64);
    CHECK_SIZE(mv_object_exports(object), 1);
    mv_view_unref(view);
    check_free_and_drop();
}

TEST(parts_and_reexports_for_every_thread)
{
    crowd_run(1, prepare_view, fill_own_part, check_filled);
}

/* A boxed exporter asked by all at once, and revoked meanwhile: every grant is given back. */
static void prepare_alone(void)
{
    object = adversary_custom(&a);
}

static void ask_or_revoke(int number)
{
    for (int i = 0; i < 50; i++) {
        mv_view *mine = NULL;
        mv_buffer buffer;
        if (number == 0 && i == 25) {
            const mv_status status = mv_object_revoke(object, NULL);
            CHECK(status == MV_OK || status == MV_E_EXPORTED);
        }
        mv_status status = mv_buffer_acquire(object, MV_FULL, &buffer, NULL);
        CHECK(status == MV_OK || status == MV_E_RELEASED);
        mv_buffer_release(&buffer);
        status = mv_view_new(object, MV_FULL, &mine, NULL);
        CHECK(status == MV_OK || status == MV_E_RELEASED);
        mv_view_unref(mine);
    }
}

static void check_all_given_back(void)
{
    CHECK_OK(mv_object_revoke(object, &error));
    CHECK_INT_OF(a.grants, a.releases);
    mv_object_unref(object);
    CHECK_INT_OF(a.frees, 1);
}

TEST(revoke_against_requests)
{
    crowd_run(100, prepare_alone, ask_or_revoke, check_all_given_back);
}
