# The commands of this checkout; `make help` lists them. CMakeLists.txt builds and installs the library for C.

.PHONY: help demo test header bench verify deep clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

demo: ## one image, six views, a plugin, a refused resize; IMAGE=photo.png takes your own picture
	@sh tools/demo.sh $(if $(IMAGE),"$(IMAGE)")

test: ## all tests of Rust and C
	@sh tools/test.sh

header: ## write include/memview.h and include/memview.cdef anew from src/ffi
	@MEMVIEW_BLESS=1 cargo test --quiet --locked --test header >/dev/null && echo "include/memview.h and memview.cdef are current"

bench: ## measure every workload beside CPython, NumPy, OpenCV and memcpy: docs/performance.md
	@sh tools/bench.sh

verify: ## lints, the proof that no panic is reachable, memory checks: whatever the tests cannot show
	@sh tools/verify.sh

deep: ## fuzz each target; SECONDS=60 TARGET=format says for how long (600) and which
	@sh tools/deep.sh $(or $(SECONDS),600) $(TARGET)

clean: ## remove what was built; fetched tools stay in .tools
	rm -rf build out
	cargo clean --quiet
