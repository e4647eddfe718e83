import Claims
import ClaimsRegistry
import Nkeys

/// Answers `$SYS.REQ.CLAIMS.DELETE`: the payload is a delete claim.
struct DeleteService: Sendable {
  static let subject = "$SYS.REQ.CLAIMS.DELETE"

  let registry: Registry
  let text: ReplyText

  /// Deletes, and gives the answer in the words of a nats-server, for which an account that nobody has is deleted.
  func answer(_ request: NATSMessage) async -> [UInt8] {
    let token = Token(request.payload).withoutTrailingLineFeed
    do throws(Refusal) {
      return text.deleted(try await registry.delete(token, by: .nats(subject: Self.subject)).count)
    } catch {
      let claims = (try? DecodedToken.decode(token))?.claims
      // Only a claim that holds comes as far as that there is nothing to delete; but of several accounts another may be there still.
      if error.code == .unknownAccount, case .generic(let generic)? = claims {
        let named = generic.data?["accounts"]?.elements ?? []
        let remains = named.contains { name in name.text.flatMap { try? AccountKey($0) }.map { registry.lookup($0) != nil } ?? false }
        if !remains { return text.deleted(named.count) }
        return text.failed(
          "delete accounts request by \(NATSError.printable(generic.common.sub.text)) failed - an account that it names is newer")
      }
      let isWhole = error.message.hasPrefix("delete accounts request")
      let sender = NATSError.printable(claims?.common.sub.text ?? "")
      return text.failed(isWhole ? error.message : "delete accounts request by \(sender) failed - \(error.message)")
    }
  }
}
