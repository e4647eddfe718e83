extension StringProtocol {
  /// Gives the UTF-8 bytes of the text to `body`, without a copy where the text is stored that way; a copy is wiped.
  func withUTF8Bytes<R>(_ body: (UnsafeRawBufferPointer) throws(NkeyError) -> R) throws(NkeyError) -> R {
    let direct = utf8.withContiguousStorageIfAvailable { bytes in
      Result { () throws(NkeyError) in try body(UnsafeRawBufferPointer(bytes)) }
    }
    if let direct { return try direct.get() }
    return try withWipedMemory(utf8.count) { (copy) throws(NkeyError) in
      copy.copyBytes(from: utf8)
      return try body(UnsafeRawBufferPointer(copy))
    }
  }
}

extension String {
  /// The same for a text that is a string itself: native strings give their bytes at once.
  func withUTF8Bytes<R>(_ body: (UnsafeRawBufferPointer) throws(NkeyError) -> R) throws(NkeyError) -> R {
    var text = self
    return try text.withUTF8 { bytes in
      Result { () throws(NkeyError) in try body(UnsafeRawBufferPointer(bytes)) }
    }.get()
  }
}
