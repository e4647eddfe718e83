import Claims
import NIOHTTP1

extension HTTPRequestHead {
  /// The account of a plain push: POST, a key in the path, no query, a declared length that is allowed; nil for every other request.
  func plainPush(largestBody: Int) -> AccountKey? {
    guard method == .POST, isPlainAccountPath, let length = headers.declaredLength, (0...largestBody).contains(length),
      !headers.contains(name: "transfer-encoding")
    else { return nil }
    return withAccountKey { try? AccountKey(utf8: $0) }
  }
}
