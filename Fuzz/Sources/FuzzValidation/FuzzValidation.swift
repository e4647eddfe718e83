import Claims
import FuzzSupport

/// Validation and difference of claims that any JSON reads as.
@main
enum FuzzValidation {
  static func main() { endProcess(FuzzDriver.run { start, count in testValidation(start, count) }) }
}

/// What libFuzzer calls.
@_cdecl("LLVMFuzzerTestOneInput")
func testValidation(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = FuzzDriver.bytes(start, count)
  guard let choice = bytes.first else { return 0 }
  let type = ClaimType.allCases[Int(choice) % ClaimType.allCases.count]
  // Two texts make two claims of one kind, to find their difference.
  let texts = bytes.dropFirst().split(separator: 0, maxSplits: 1)
  let claims = texts.compactMap { try? Claims(type, json: Array($0)) }
  for one in claims { ClaimsChecks.validate(one) }
  if let first = claims.first { ClaimsChecks.compare(first, claims.last ?? first) }
  return 0
}
