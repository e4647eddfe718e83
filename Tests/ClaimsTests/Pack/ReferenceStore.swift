import Nkeys

@testable import Claims

/// The reference's directory store in memory: what the vectors run packs against. What belongs to packs is the library's, the rest is here.
struct ReferenceStore {
  struct Failure: Error {
    let message: String
    /// Whether the text depends on the JSON reader.
    var isInexact = false
  }

  /// Whether it knows its files by an index, which a plain store does not.
  private let isIndexed: Bool
  private let isSharded: Bool
  private let limit: Int
  private let evictsOnLimit: Bool

  /// The tokens by the paths of their files.
  private(set) var files: [String: Token] = [:]

  /// The keys of the index, the least recently used one first, with the digests that were indexed.
  private var index: [(key: String, digest: TokenDigest)] = []

  init(isIndexed: Bool, isSharded: Bool, limit: Int?, evictsOnLimit: Bool) {
    self.isIndexed = isIndexed
    self.isSharded = isSharded
    // Without a positive limit there is none.
    self.limit = limit.flatMap { $0 > 0 ? $0 : nil } ?? .max
    self.evictsOnLimit = evictsOnLimit
  }

  /// The exclusive or of the indexed digests.
  var hash: TokenDigest { index.map(\.digest).reduce(.zero, ^) }

  mutating func save(_ key: String, _ token: Token) throws(Failure) {
    try write(token, of: key, to: try path(of: key))
  }

  mutating func load(_ key: String) throws(Failure) -> Token {
    guard let token = files[try path(of: key)] else { throw Failure(message: "(file does not exist)") }
    use(key)
    return token
  }

  mutating func merge(_ pack: [UInt8]) throws(Failure) {
    var reader = PackReader(pack)
    do {
      while let entry = try reader.next() {
        let path = try path(of: entry.key.text)
        if try entry.merged(over: files[path]) == .store { try write(entry.token, of: entry.key.text, to: path) }
      }
    } catch let failure as Failure {
      throw failure
    } catch {
      let refusal = error as? ClaimsError
      throw Failure(message: "\(error)", isInexact: refusal?.code == .json)
    }
  }

  /// The entries that go into packs, in the order in which the directory is walked.
  func entries(at now: Int64) -> [PackEntry] {
    files.keys.sorted(by: Self.isWalkedFirst).compactMap { path in
      guard let token = files[path] else { return nil }
      let entry = PackEntry(key: KeyReference(Self.key(of: path)), token: token)
      guard isIndexed else { return entry }
      return index.contains { $0.key == entry.key.text } && !entry.isExpired(at: now) ? entry : nil
    }
  }

  /// Folders and files by the bytes of their names.
  private static func isWalkedFirst(_ left: String, _ right: String) -> Bool {
    left.split(separator: "/").lexicographicallyPrecedes(right.split(separator: "/")) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  func pack(_ maximum: Int, at now: Int64) -> PackText {
    let entries = entries(at: now)
    return PackText(maximum < 0 ? entries[...] : entries.prefix(maximum))
  }

  /// Empty files are left out here, but not by `pack`.
  func packWalk(_ maximum: Int, at now: Int64) throws(Failure) -> [PackText] {
    guard maximum > 0 else { throw Failure(message: "bad arguments to PackWalk") }
    let entries = entries(at: now).filter { !$0.token.bytes.isEmpty }
    return stride(from: 0, to: entries.count, by: maximum).map { PackText(entries[$0...].prefix(maximum)) }
  }

  /// Writes a file behind the store's back; the name need not be a key.
  mutating func putFile(_ key: String, _ token: Token) {
    files[location(of: key)] = token
  }

  mutating func reload() {
    guard isIndexed else { return }
    index = files.keys.sorted(by: Self.isWalkedFirst).compactMap { path in files[path].map { (Self.key(of: path), $0.digest) } }
  }

  private static let suffix = ".jwt"

  private static func key(of path: String) -> String { String((path.split(separator: "/").last ?? "").dropLast(suffix.count)) }

  private func location(of key: String) -> String { (isSharded ? key.suffix(2) + "/" : "") + key + Self.suffix }

  private func path(of key: String) throws(Failure) -> String {
    guard LenientKey.isValidPublicKey(key) else { throw Failure(message: "invalid public key") }
    return location(of: key)
  }

  private mutating func write(_ token: Token, of key: String, to path: String) throws(Failure) {
    guard !token.bytes.isEmpty else { throw Failure(message: "invalid JWT") }
    if isIndexed {
      if index.contains(where: { $0.key == key }) {
        use(key)
      } else if index.count >= limit {
        guard evictsOnLimit, let oldest = index.first else { throw Failure(message: "jwt store is full") }
        files[location(of: oldest.key)] = nil
        index.removeFirst()
      }
      index.removeAll { $0.key == key }
      index.append((key, token.digest))
    }
    files[path] = token
  }

  private mutating func use(_ key: String) {
    guard let place = index.firstIndex(where: { $0.key == key }) else { return }
    index.append(index.remove(at: place))
  }
}
