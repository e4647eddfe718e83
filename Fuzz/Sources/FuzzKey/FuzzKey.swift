import FuzzSupport
import Nkeys

/// The texts of keys, seeds and decorated files.
@main
enum FuzzKey {
  static func main() { endProcess(FuzzDriver.run { start, count in testKey(start, count) }) }
}

/// What libFuzzer calls.
@_cdecl("LLVMFuzzerTestOneInput")
func testKey(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = FuzzDriver.bytes(start, count)
  KeyTexts.check(bytes)
  KeyTexts.checkSeed(bytes)
  KeyTexts.checkParts(bytes)
  KeyTexts.checkDecorated(String(decoding: bytes, as: UTF8.self))
  return 0
}
