import Claims
import FuzzSupport

/// Whole tokens, and tokens that are made of a payload.
@main
enum FuzzToken {
  static func main() { endProcess(FuzzDriver.run { start, count in testToken(start, count) }) }
}

/// What libFuzzer calls.
@_cdecl("LLVMFuzzerTestOneInput")
func testToken(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = FuzzDriver.bytes(start, count)
  TokenChecks.check(Token(bytes))
  if let forged = ForgedToken(payload: bytes) { forged.check() }
  return 0
}
