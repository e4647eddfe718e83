import Glibc

/// Ends the process with the fuzzer's code.
public func endProcess(_ code: CInt) -> Never { exit(code) }
