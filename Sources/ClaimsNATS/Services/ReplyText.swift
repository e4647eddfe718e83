import Claims
import ClaimsRegistry

/// What requests about claims are answered with: JSON like a nats-server's, which tools read by its `server` object.
struct ReplyText: Sendable {
  /// What our own servers add to their `server` object, so that they are not taken for nats-servers.
  static let product = "nats-claims"

  /// This program's id among those that answer: a server's key, made at its start.
  let id: String
  let name: String
  let version: String
  let clock: WallClock

  /// `{"server":{…},"data":…}`.
  func data(_ value: JSONValue) -> [UInt8] { text("data", value) }

  /// The answer to claims that were taken, in the words of a nats-server.
  func updated(_ account: String) -> [UInt8] {
    data(.object([.init("account", .string(account)), .init("code", .integer(200)), .init("message", .string("jwt updated"))]))
  }

  /// The answer to claims that were not taken; `account` is `n/a` where none is named.
  func refused(_ account: String, _ description: String) -> [UInt8] {
    text(
      "error",
      .object([.init("account", .string(account)), .init("code", .integer(500)), .init("description", .string(description))]))
  }

  /// The answer to accounts that were deleted.
  func deleted(_ count: Int) -> [UInt8] {
    data(.object([.init("code", .integer(200)), .init("message", .string("deleted \(count) accounts"))]))
  }

  /// The answer to something that failed, without an account.
  func failed(_ description: String) -> [UInt8] {
    text("error", .object([.init("code", .integer(500)), .init("description", .string(description))]))
  }

  private func text(_ member: String, _ value: JSONValue) -> [UInt8] {
    let server = JSONValue.object([
      .init("name", .string(name)), .init("host", .string("")), .init("id", .string(id)), .init("ver", .string(version)),
      .init("jetstream", .bool(false)), .init("product", .string(Self.product)),
      .init("time", .string(TimePoint.text(milliseconds: clock.milliseconds()))),
    ])
    return Array(JSONValue.object([.init("server", server), .init(member, value)]).jsonText.utf8)
  }
}
