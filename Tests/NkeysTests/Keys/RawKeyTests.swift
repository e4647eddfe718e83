import Nkeys
import Testing

@Suite("Raw keys and roles")
struct RawKeyTests {
  @Test("take 32 bytes and give them back")
  func bytes() throws {
    let bytes = (0..<32).map { UInt8($0) }
    let key = try #require(RawKey(bytes))
    #expect(key.bytes == bytes)
    #expect(bytes.withUnsafeBytes { RawKey($0) } == key)
    #expect(key.withUnsafeBytes { Array($0) } == bytes)
  }

  @Test("take no other number of bytes", arguments: [0, 1, 31, 33, 64])
  func otherCounts(count: Int) {
    let bytes = [UInt8](repeating: 1, count: count)
    #expect(RawKey(bytes) == nil)
    #expect(bytes.withUnsafeBytes { RawKey($0) } == nil)
  }

  @Test("are ordered as their bytes are", arguments: 0..<32)
  func order(place: Int) throws {
    var bytes = [UInt8](repeating: 7, count: 32)
    let low = try #require(RawKey(bytes))
    bytes[place] = 8
    if place + 1 < 32 { bytes[place + 1] = 0 }
    let high = try #require(RawKey(bytes))
    #expect(low < high)
    #expect(!(high < low))
    #expect(low != high)
  }

  @Test("of every role have a prefix byte and a letter of their own")
  func roles() {
    #expect(Set(Role.allCases.map(\.prefixByte)).count == Role.allCases.count)
    #expect(Role.allCases.map(\.letter) == ["O", "A", "U", "N", "C", "X", "M", "V"])
    for byte in 0...255 as ClosedRange<UInt8> {
      #expect(Role(prefixByte: byte) == Role.allCases.first { $0.prefixByte == byte })
    }
  }
}
