public import Claims
import Foundation
import Nkeys

/// An operator whose signature makes account claims acceptable.
public struct TrustedOperator: Sendable {
  /// The operator's token, as it is served.
  public let token: Token
  /// What it says.
  public let claims: OperatorClaims

  /// Takes an operator's token: plain, or decorated with dashed lines, with white space around it.
  ///
  /// - Throws: ``Refusal`` `badToken` when the text is no verified operator token.
  public init(text: String) throws(Refusal) {
    do {
      let token = Token(DecoratedText.token(in: text).trimmingCharacters(in: .whitespacesAndNewlines))
      let verified = try VerifiedClaims.decode(token)
      guard case .operator(let claims) = verified.claims else {
        throw Refusal(.badToken, "an operator token is expected, this is a token of type \(verified.claims.type.rawValue)")
      }
      self.token = token
      self.claims = claims
    } catch let refusal as Refusal {
      throw refusal
    } catch {
      throw Refusal(.badToken, "the operator token cannot be used: \(error)")
    }
  }

  /// The operator's identity key.
  public var key: String { claims.common.sub.text }

  /// The operator's system account, if it names one.
  public var systemAccount: AccountKey? { try? AccountKey(claims.systemAccount) }
}
