import Claims
import FuzzSupport

/// The JSON reader and writer.
@main
enum FuzzJSON {
  static func main() { endProcess(FuzzDriver.run { start, count in testJSON(start, count) }) }
}

/// What libFuzzer calls.
@_cdecl("LLVMFuzzerTestOneInput")
func testJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = FuzzDriver.bytes(start, count)
  let value = try? JSONReader().read(bytes)
  let unique = try? JSONReader().readRefusingDuplicates(bytes)
  invariant(unique == nil || unique == value, "the readers disagree")
  guard let value else { return 0 }
  let text = value.jsonText
  let again = mustSucceed("what was written is not read") { try JSONReader().read(Array(text.utf8)) }
  invariant(again == value, "\(text) is another value")
  invariant(again.jsonText.utf8.elementsEqual(text.utf8), "\(text) is written in two ways")
  _ = DecodedView.pretty(value)
  return 0
}
