#define _DEFAULT_SOURCE
#include "sweep.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_CALLS = 1 << 24, MOST_COUNTS = 256, MOST_TRIES = 1000, SECONDS = 300 };

/* What is found out about a call. */
enum { REQUESTS = 1, CALLS_AGAIN = 2 };

/* How a child ends that makes one attempt; 1 is a failed check. */
enum { REFUSED = 0, NOT_REFUSED = 64, OTHERWISE = 128 };

/* How a run ends that has to begin anew. */
enum { ANEW = 63 };

/* Shared by all processes of a program. */
static struct {
    struct done {
        atomic_long calls;     /* that requested memory */
        atomic_long points[2]; /* requests refused: alone, with all after them */
        atomic_long apart, lenient, nothing;
    } done;
    atomic_int is_recording, has_threads;
    long numbered;          /* calls of this run of the case */
    long only;              /* the number of the one call to sweep; 0: all */
    long blocks;            /* of the library at the end of the case */
    struct sweep_call last; /* attempt */
    unsigned char known[MOST_CALLS];
} * shared;

static _Thread_local struct sweep_call *innermost;
static _Thread_local int is_first_thread;

/* What callbacks have counted during an attempt. */
static _Thread_local struct {
    int length, counts[SWEEP_COUNTS];
    int *counters[MOST_COUNTS];
} journal;

__attribute__((constructor)) static void share(void)
{
    const int flags = MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (shared == MAP_FAILED) abort();
}

static void describe(const struct sweep_call *call)
{
    if (call->function == NULL) return;
    fprintf(stderr, "%s:%d: %s, call %ld of its case", call->file, call->line, call->function, call->number);
    if (call->is_attempt)
        fprintf(stderr, ", request %ld%s refused", call->watch.fail,
                call->watch.lasting ? " and all after it" : "");
    fputc('\n', stderr);
}

__attribute__((format(printf, 2, 3), noreturn)) static void fail(const struct sweep_call *call,
                                                                 const char *format, ...)
{
    va_list values;
    fflush(stdout);
    describe(call);
    va_start(values, format);
    vfprintf(stderr, format, values);
    va_end(values);
    fputc('\n', stderr);
    exit(1);
}

void sweep_count(enum sweep_count what, void *counter)
{
    if (innermost == NULL || !innermost->is_attempt) return;
    if (journal.length == MOST_COUNTS) fail(innermost, "the callbacks count more than %d times", MOST_COUNTS);
    journal.counters[journal.length++] = (int *)counter;
    journal.counts[what]++;
}

static void forget_counts(void)
{
    journal.length = 0;
    memset(journal.counts, 0, sizeof journal.counts);
}

static void take_back_counts(void)
{
    for (int i = 0; i < journal.length; i++) __atomic_fetch_sub(journal.counters[i], 1, __ATOMIC_SEQ_CST);
    forget_counts();
}

/* The blocks and the callbacks of this call can be told from those of others. */
static int is_alone(const struct sweep_call *call)
{
    return !shared->has_threads && (shared->known[call->number] & CALLS_AGAIN) == 0;
}

/* What stands where a text and its length are to be written, as one number. */
static unsigned long digest(const struct sweep_call *call)
{
    unsigned long sum = call->text_length == NULL ? 0 : (unsigned long)*call->text_length;
    for (size_t i = 0; call->text != NULL && i < call->text_size; i++)
        sum = sum * 31 + (unsigned char)call->text[i];
    return sum;
}

static void check_failure(const struct sweep_call *call, mv_status status)
{
    const unsigned char *out = (const unsigned char *)call->out;
    if (call->error != NULL && (call->error->status != status || call->error->message[0] == '\0'))
        fail(call, "the error is not filled");
    for (size_t i = 0; out != NULL && i < call->out_size; i++)
        if (out[i] != 0) fail(call, "what was to be made is not empty");
    if (digest(call) != call->text_before) fail(call, "part of a text, or its length, has been written");
    if (!is_alone(call)) return;
    if (call->watch.blocks != 0 && !(call->kind == SWEEP_KEEPING && call->watch.blocks == 1))
        fail(call, "the library has %ld blocks more than before", call->watch.blocks);
    if (journal.counts[GRANTED] != journal.counts[RELEASED])
        fail(call, "%d acquisitions were granted, %d released", journal.counts[GRANTED],
             journal.counts[RELEASED]);
    if (journal.counts[FREED] != 0) fail(call, "something was freed");
}

/* Judges an attempt in which memory was refused; as a child ends with it. */
static int judge(const struct sweep_call *call, mv_status status)
{
    atomic_fetch_add(&shared->done.points[call->watch.lasting], 1);
    if (status == MV_OK) {
        if (call->kind != SWEEP_LENIENT) fail(call, "it succeeds without the memory");
        atomic_fetch_add(&shared->done.lenient, 1);
        return REFUSED;
    }
    check_failure(call, status);
    return status == MV_E_NO_MEMORY ? REFUSED : OTHERWISE + (int)status;
}

static void note_other(struct sweep_call *call, mv_status status)
{
    if (!shared->has_threads) call->other = status;
}

static void attempt(struct sweep_call *call, long request, int lasting)
{
    call->is_attempt = 1;
    call->watch.fail = request;
    call->watch.lasting = lasting;
    memory_watch(&call->watch);
    forget_counts();
    if (!shared->has_threads) shared->last = *call;
}

/* One attempt in a child, which returns from here into the call; true: memory was refused. */
static int attempt_apart(struct sweep_call *call, long request, int lasting)
{
    int status = 0;
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        alarm(SECONDS);
        call->is_child = 1;
        attempt(call, request, lasting);
        return 0;
    }
    if (child < 0 || waitpid(child, &status, 0) < 0) fail(call, "there is no process for an attempt");
    if (WIFSIGNALED(status)) fail(&shared->last, "ended by signal %d", WTERMSIG(status));
    if (WEXITSTATUS(status) == NOT_REFUSED) return 0;
    if (WEXITSTATUS(status) >= OTHERWISE)
        note_other(call, WEXITSTATUS(status) - OTHERWISE);
    else if (WEXITSTATUS(status) != REFUSED)
        exit(1);
    atomic_fetch_add(&shared->done.apart, 1);
    return 1;
}

static void sweep_apart(struct sweep_call *call)
{
    for (long request = 1; attempt_apart(call, request, 1); request++)
        if (!attempt_apart(call, request, 0)) break;
}

/* Calls on other threads, and within an attempt, have none. */
static long next_number(const struct sweep_call *call)
{
    const struct sweep_call *outer = call->outer;
    if (!is_first_thread) shared->has_threads = 1;
    if (outer != NULL && is_alone(outer)) {
        shared->known[outer->number] |= CALLS_AGAIN;
        if (outer->is_attempt) _exit(ANEW); /* the callback runs after a failure only */
    }
    if (!is_first_thread || (outer != NULL && outer->is_attempt)) return 0;
    if (++shared->numbered >= MOST_CALLS) fail(call, "the case makes too many calls");
    return shared->numbered;
}

void sweep_begin(struct sweep_call *call)
{
    call->outer = innermost;
    call->number = next_number(call);
    innermost = call;
    if (call->error != NULL) call->error_before = *call->error;
    if (call->out != NULL) memcpy(call->out_before, call->out, call->out_size);
    call->text_before = digest(call);
    const int is_swept = !shared->is_recording && call->kind != SWEEP_NOTHING &&
                         !(call->outer != NULL && call->outer->is_attempt) &&
                         (shared->only == 0 || shared->only == call->number);
    if (is_swept && (shared->has_threads || (is_alone(call) && call->kind != SWEEP_LENIENT))) {
        attempt(call, 1, 1);
        return;
    }
    if (is_swept) sweep_apart(call);
    if (!call->is_child) memory_watch(&call->watch);
}

static int end(struct sweep_call *call, mv_status status)
{
    innermost = call->outer;
    if (call->kind == SWEEP_NOTHING && call->watch.requests != 0) fail(call, "it requests memory");
    if (call->other != MV_OK && call->other != status)
        fail(call, "it answers %d, but %d where memory was refused", (int)status, (int)call->other);
    if (shared->is_recording && call->watch.requests != 0) shared->known[call->number] |= REQUESTS;
    if (shared->is_recording) return 0;
    atomic_fetch_add(&shared->done.calls, call->watch.requests != 0);
    atomic_fetch_add(&shared->done.nothing, call->kind == SWEEP_NOTHING);
    return 0;
}

int sweep_again(struct sweep_call *call, mv_status status)
{
    memory_leave(&call->watch);
    if (!call->is_attempt) return end(call, status);
    const int how = call->watch.refused == 0 ? NOT_REFUSED : judge(call, status);
    if (call->is_child) {
        fflush(stdout);
        _exit(how);
    }
    if (how == NOT_REFUSED || status == MV_OK) return end(call, status);
    if (how >= OTHERWISE) note_other(call, status);
    take_back_counts();
    if (call->error != NULL) *call->error = call->error_before;
    if (call->out != NULL) memcpy(call->out, call->out_before, call->out_size);
    if (call->watch.lasting)
        attempt(call, call->watch.fail, 0);
    else
        attempt(call, call->watch.fail + 1, 1);
    return 1;
}

/* One run of a case in a process of its own. */
static int run_apart(void (*run)(void))
{
    int status = 0;
    fflush(stdout);
    memset(&shared->last, 0, sizeof shared->last);
    shared->numbered = 0;
    const pid_t child = fork();
    if (child == 0) {
        alarm(SECONDS);
        is_first_thread = 1;
        if (shared->only != 0 && freopen("/dev/null", "w", stderr) == NULL) exit(1);
        run();
        const long blocks = memory_blocks();
        if (shared->is_recording) shared->blocks = blocks;
        if (blocks == shared->blocks) exit(0);
        fprintf(stderr, "the library ends with %ld blocks, without refusals with %ld\n", blocks,
                shared->blocks);
        exit(1);
    }
    if (child < 0 || waitpid(child, &status, 0) < 0) return 1;
    if (WIFSIGNALED(status) && shared->only == 0) fprintf(stderr, "ended by signal %d\n", WTERMSIG(status));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* The same, as often as it is found that a call has to be made apart; only the last run counts. */
static int run_swept(void (*run)(void))
{
    const struct done before = shared->done;
    int status;
    while ((status = run_apart(run)) == ANEW) shared->done = before;
    return status;
}

/* Of a case that fails: the last call with which it fails if no other is refused memory. */
static void find_culprit(const char *name, void (*run)(void))
{
    long tries = 0;
    for (shared->only = shared->last.number; shared->only > 0 && tries < MOST_TRIES; shared->only--) {
        if ((shared->known[shared->only] & REQUESTS) == 0) continue;
        tries++;
        if (run_swept(run) == 0) continue;
        fprintf(stderr, "%s fails where this call alone is refused memory:\n", name);
        describe(&shared->last);
        return;
    }
    fprintf(stderr, "%s fails where all calls are refused memory, and not with the last %ld alone\n", name,
            tries);
}

void sweep_case(const char *name, void (*run)(void))
{
    shared->has_threads = 0;
    shared->only = 0;
    memset(shared->known, 0, (size_t)shared->numbered + 1);
    shared->is_recording = 1;
    const int status = run_apart(run);
    shared->is_recording = 0;
    if (status != 0) exit(status);
    if (run_swept(run) == 0) return;
    find_culprit(name, run);
    exit(1);
}

void sweep_report(void)
{
    const struct done *done = &shared->done;
    printf("swept: %ld calls, %ld requests refused alone, %ld with all after, %ld apart, %ld lenient, "
           "%ld calls request none\n",
           done->calls, done->points[0], done->points[1], done->apart, done->lenient, done->nothing);
}
