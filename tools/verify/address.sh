# Every C test and example, linked both ways, under AddressSanitizer, LeakSanitizer and, in C, UndefinedBehaviorSanitizer. The
# random programs and the crowds of threads do a tenth of their rounds.
. tools/verify/sanitizer.sh

sanitize address 10
