/// Writes JSON with the reference's exact bytes: no blanks, its escapes, its number forms.
///
/// A value that has no written form does not stop the writer: the first such failure is kept in `failure`, and who needs exact
/// claims asks for it at the end.
public struct JSONWriter: Sendable {
  /// What has been written.
  public private(set) var bytes: [UInt8] = []

  /// The first value that the reference could not have written.
  public private(set) var failure: ClaimsError?

  /// Whether members that the model does not know are written too.
  let keepsUnknownMembers: Bool

  /// Whether lists and maps that are there but empty are written too, which the reference leaves out.
  let keepsEmptyMembers: Bool

  private var needsComma = false

  /// An empty writer.
  public init() {
    self.init(keepsUnknownMembers: true)
  }

  init(keepsUnknownMembers: Bool, keepsEmptyMembers: Bool = false) {
    self.keepsEmptyMembers = keepsEmptyMembers
    self.keepsUnknownMembers = keepsUnknownMembers
    bytes.reserveCapacity(1024)
  }

  /// The written text.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Writes a string with the reference's escapes.
  public mutating func string(_ value: String) {
    separate()
    quote(value)
  }

  /// Writes an integer.
  public mutating func integer(_ value: some FixedWidthInteger) {
    separate()
    bytes.append(contentsOf: String(value).utf8)
  }

  /// Writes a finite double; what is not finite has no written form.
  public mutating func double(_ value: Double) {
    separate()
    guard value.isFinite else {
      fail(ClaimsError(.unwritable, "json: unsupported value: \(value)"))
      bytes.append(contentsOf: "null".utf8)
      return
    }
    bytes.append(contentsOf: JSONNumber.text(value).utf8)
  }

  /// Writes `true` or `false`.
  public mutating func bool(_ value: Bool) {
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  /// Writes `null`.
  public mutating func null() {
    separate()
    bytes.append(contentsOf: "null".utf8)
  }

  /// Writes JSON that is already in its final form.
  mutating func raw(_ json: some Sequence<UInt8>) {
    separate()
    bytes.append(contentsOf: json)
  }

  /// Opens an object.
  public mutating func beginObject() { open(UInt8(ascii: "{")) }

  /// Closes an object.
  public mutating func endObject() { close(UInt8(ascii: "}")) }

  /// Opens an array.
  public mutating func beginArray() { open(UInt8(ascii: "[")) }

  /// Closes an array.
  public mutating func endArray() { close(UInt8(ascii: "]")) }

  /// Writes the name of the next member.
  public mutating func name(_ name: String) {
    separate()
    quote(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes the name of the next member, one that needs no escapes.
  mutating func name(_ name: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Notes a value that has no written form.
  mutating func fail(_ error: ClaimsError) {
    if failure == nil { failure = error }
  }

  private mutating func open(_ byte: UInt8) {
    separate()
    bytes.append(byte)
    needsComma = false
  }

  private mutating func close(_ byte: UInt8) {
    bytes.append(byte)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  private mutating func quote(_ value: String) {
    bytes.append(UInt8(ascii: "\""))
    JSONEscape.append(value, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }
}
