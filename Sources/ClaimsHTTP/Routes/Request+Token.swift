import Claims
import ClaimsRegistry
import Hummingbird
import NIOCore

extension Request {
  /// The token in the body; one of more than `largest` bytes is refused.
  func token(largest: Int) async throws -> Token {
    let tooLarge = Refusal(.tooLarge, "the body is larger than \(largest) bytes, more than any token may have")
    if let length = headers.declaredLength, length > largest { throw tooLarge }
    do {
      let body = try await body.collect(upTo: largest)
      return Token(Array(body.readableBytesView))
    } catch is NIOTooManyBytesError {
      throw tooLarge
    }
  }
}

extension ClaimsRequestContext {
  /// The account that the path names.
  var account: AccountKey {
    get throws(Refusal) {
      do {
        return try AccountKey(parameters.get("key") ?? "")
      } catch {
        throw Refusal(.wrongSubject, "pub keys don't match: the path names no account key: \(error.message)")
      }
    }
  }
}
