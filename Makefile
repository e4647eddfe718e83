# Every target is one line into Scripts/.
.PHONY: run test test-long test-tsan demo bench release lint format clean

run: ; @Scripts/run
test: ; @Scripts/test
test-long: ; @Scripts/test-long
test-tsan: ; @Scripts/test-tsan
demo: ; @Scripts/demo
bench: ; @Scripts/bench
release: ; @Scripts/release
lint: ; @Scripts/lint
format: ; @swift format --in-place --recursive Sources Tests Benchmarks Package.swift
clean: ; @rm -rf .build .build-tsan
