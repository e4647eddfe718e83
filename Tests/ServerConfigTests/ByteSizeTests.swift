import ServerConfig
import Testing

@Suite("Sizes in bytes")
struct ByteSizeTests {
  @Test(
    "are read with the units people write",
    arguments: [
      ("0", 0), ("65536", 65536), ("16MiB", 16 << 20), ("16M", 16 << 20), ("16mb", 16 << 20), ("1GiB", 1 << 30), ("512 KiB", 512 << 10),
      ("7b", 7),
    ])
  func reads(_ text: String, bytes: Int) {
    #expect(ByteSize(text)?.bytes == bytes)
  }

  @Test(
    "are refused when they are none", arguments: ["", "MiB", "-1", "1.5MiB", "16 monkeys", "99999999999999999999", "9999999999GiB", "1TiB"])
  func refuses(_ text: String) {
    #expect(ByteSize(text) == nil)
  }
}
