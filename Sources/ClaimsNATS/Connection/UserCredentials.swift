import Claims
import Glibc
import Nkeys

/// Whom a credentials file speaks for: what its token says, unverified, because the nats-server is the judge of that.
struct UserCredentials: Sendable, Hashable {
  let name: String
  let user: String
  /// The account the user belongs to.
  let account: AccountKey

  /// Reads a file; the seed in it is not looked at.
  ///
  /// Throws ``NATSError`` `credentials` when the file cannot be read or holds no user token.
  init(file: String) throws(NATSError) {
    try self.init(text: Self.text(of: file), file: file)
  }

  init(text: String, file: String) throws(NATSError) {
    do {
      let decoded = try DecodedToken.decode(Token(DecoratedText.token(in: text)))
      guard case .user(let claims) = decoded.claims else {
        throw NATSError(.credentials, "the credentials file \(file) holds no user token, but one of type \(decoded.claims.type.rawValue)")
      }
      name = claims.common.name
      user = claims.common.sub.text
      account = try AccountKey(claims.issuerAccount.isEmpty ? claims.common.iss : claims.issuerAccount)
    } catch let error as NATSError {
      throw error
    } catch {
      throw NATSError(.credentials, "the credentials file \(file) holds no usable user token: \(error)")
    }
  }

  /// Says why a file cannot be opened, which the library would not.
  static func checkReadable(_ file: String) throws(NATSError) {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(file) }
    close(descriptor)
  }

  /// The text of a file up to the end of its token's block, so that the seed does not get into strings.
  private static func text(of file: String) throws(NATSError) -> String {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(file) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: largestFile)
    defer {
      bytes.withUnsafeMutableBytes { buffer in
        if let start = buffer.baseAddress { explicit_bzero(start, buffer.count) }
      }
    }
    var count = 0
    while count < bytes.count {
      let received = bytes.withUnsafeMutableBytes { buffer in
        let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
        return rest.baseAddress.map { read(descriptor, $0, rest.count) } ?? 0
      }
      guard received >= 0 else { throw unreadable(file) }
      guard received > 0 else { break }
      count += received
    }
    let end = bytes[..<count].firstRange(of: Array("------END NATS USER JWT------".utf8))?.upperBound ?? count
    return String(decoding: bytes[..<end], as: UTF8.self)
  }

  private static let largestFile = 1 << 20

  private static func unreadable(_ file: String) -> NATSError {
    NATSError(.credentials, "the credentials file \(file) cannot be read: \(String(cString: strerror(errno)))")
  }
}
