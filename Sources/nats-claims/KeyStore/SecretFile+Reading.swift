import Glibc

/// Secrets are read into memory of our own, which is wiped when their reader is done.
extension SecretFile {
  /// The largest file that is read, in bytes: creds hold a token beside the seed.
  private static let largest = 2 << 20

  /// Lends the bytes of a file, which must not be kept; nil when there is no such file.
  static func withContents<R>(of path: String, _ body: (UnsafeRawBufferPointer) throws -> R) throws -> R? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      if errno == ENOENT { return nil }
      throw failure("read", path)
    }
    defer { close(file) }
    return try withContents(ofDescriptor: file, name: path, body)
  }

  /// Lends the bytes that an open file still has, which must not be kept.
  static func withContents<R>(ofDescriptor file: Int32, name: String, _ body: (UnsafeRawBufferPointer) throws -> R) throws -> R {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: largest + 1, alignment: 8)
    var count = 0
    defer {
      if let start = memory.baseAddress { explicit_bzero(start, count) }
      memory.deallocate()
    }
    while count < memory.count {
      let free = UnsafeMutableRawBufferPointer(rebasing: memory[count...])
      let received = read(file, free.baseAddress, free.count)
      if received == 0 { break }
      guard received > 0 else {
        if errno == EINTR { continue }
        throw failure("read", name)
      }
      count += received
    }
    guard count <= largest else { throw CommandFailure("\(name) is too large to be a file with a seed") }
    return try body(UnsafeRawBufferPointer(rebasing: memory[..<count]))
  }
}

extension UnsafeRawBufferPointer {
  /// The bytes without blanks and line ends at both ends.
  var trimmed: UnsafeRawBufferPointer {
    let isText: (UInt8) -> Bool = { $0 != 0x20 && !(0x09...0x0D).contains($0) }
    guard let first = firstIndex(where: isText), let last = lastIndex(where: isText) else {
      return UnsafeRawBufferPointer(rebasing: self[..<startIndex])
    }
    return UnsafeRawBufferPointer(rebasing: self[first...last])
  }
}
