# Every C test and example, linked both ways, under ThreadSanitizer. The random programs and the crowds of threads do a
# twentieth of their rounds.
. tools/verify/sanitizer.sh

sanitize thread 5
