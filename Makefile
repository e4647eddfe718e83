# Every target is one line into Scripts/.
.PHONY: run test test-long test-tsan demo bench fuzz release install lint format clean

run: ; @Scripts/run
test: ; @Scripts/test
test-long: ; @Scripts/test-long
test-tsan: ; @Scripts/test-tsan
demo: ; @Scripts/demo
bench: ; @Scripts/bench
fuzz: ; @Scripts/fuzz
release: ; @Scripts/release
install: ; @Scripts/release && Scripts/manual && Scripts/install
lint: ; @Scripts/lint
format: ; @swift format --in-place --recursive Sources Tests Benchmarks Fuzz/Sources Fuzz/Package.swift Package.swift
clean: ; @rm -rf .build .build-tsan .build-fuzz
