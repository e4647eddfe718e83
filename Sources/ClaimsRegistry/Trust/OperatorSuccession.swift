import Claims
import Nkeys

/// Whether what an operator's file holds may take the place of the operator's token in force.
///
/// A pure function. It never lets an older token in, since that would bring back keys that were taken out, nor another operator, since a
/// file that was mixed up would take the accounts' owner away.
struct OperatorSuccession: Sendable {
  enum Outcome: Sendable {
    /// The file holds the token in force.
    case unchanged
    /// The file's token takes its place.
    case accepted(TrustedOperator)
    /// The token in force stays, for this reason.
    case refused(String)
  }

  let inForce: TrustedOperator

  func judge(_ reading: OperatorReading) -> Outcome {
    switch reading.content {
    case .unreadable(let reason):
      return refused(reading, "cannot be read (\(PlainText.line(reason)))")
    case .text(let text):
      do throws(Refusal) {
        return judge(try TrustedOperator(text: text), in: reading)
      } catch {
        return refused(reading, "holds no operator token (\(PlainText.line(error.message)))")
      }
    }
  }

  private func judge(_ new: TrustedOperator, in reading: OperatorReading) -> Outcome {
    if new.token == inForce.token { return .unchanged }
    guard new.key == inForce.key else {
      return refused(reading, "holds the token of another operator, \(new.key): to trust another one, restart the server")
    }
    // Anyone can make a token that names this operator; who may sign its next one, the token in force says.
    guard inForce.claims.didSign(.operator(new.claims)) else {
      return refused(
        reading, "holds a token that \(PlainText.line(new.claims.common.iss.text, limit: 64)) signed, which is no key of the operator")
    }
    guard new.claims.common.iat >= inForce.claims.common.iat else {
      return refused(reading, "holds an older token, issued at \(Self.time(of: new)): give the newest one")
    }
    return .accepted(new)
  }

  private func refused(_ reading: OperatorReading, _ what: String) -> Outcome {
    .refused(
      "\(PlainText.line(reading.file)) \(what); the operator \(inForce.key) is trusted by its token issued at \(Self.time(of: inForce))")
  }

  static func time(of trusted: TrustedOperator) -> String {
    let iat = trusted.claims.common.iat
    return "\(iat) (\(Timestamp.text(iat)))"
  }
}
