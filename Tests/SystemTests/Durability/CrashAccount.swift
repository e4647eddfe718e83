import Claims
import ClaimsTestSupport
import Foundation
import Glibc
import TestSupport

/// An account that a crash campaign changes in every way there is, one change after the other.
actor CrashAccount {
  nonisolated let key: AccountKey
  private let account: TestAccount
  private let organisation: Organisation
  private let file: String
  private let ledger: Ledger
  private var second: Int64 = 0
  private var number = 0
  /// Whether the server has the account: a damaged file of an account that it does not have stays where it is when it starts.
  private var isKnown = false

  init(of organisation: Organisation, _ options: ServerUnderTest.Options, _ ledger: Ledger) throws {
    self.organisation = organisation
    self.ledger = ledger
    account = try TestAccount(of: organisation)
    key = account.key
    file = "\(options.directory ?? "")/\(account.key).jwt"
  }

  /// Makes a change at random.
  ///
  /// - Returns: false when the server is gone.
  func change(over connection: Connection) async throws -> Bool {
    switch Int.random(in: 0..<40) {
    case 0..<2: return try await delete(over: connection)
    case 2: try await copyIn()
    case 3 where isKnown: try Data("this is no token".utf8).write(to: URL(filePath: file))
    case 4: unlink(file)
    default: return try await push(over: connection)
    }
    return true
  }

  private func push(over connection: Connection) async throws -> Bool {
    let token = try next()
    await ledger.begins(.token(token), of: key)
    return try await send("POST", token, over: connection, acknowledged: .token(token))
  }

  private func delete(over connection: Connection) async throws -> Bool {
    second += 1
    let claim = try organisation.authority.deletion(of: [key], iat: account.iat(second))
    // What comes next must be newer than the claim.
    second += 1
    await ledger.begins(.nothing, of: key)
    return try await send("DELETE", claim, over: connection, acknowledged: .nothing)
  }

  /// Puts a newer token into the directory, as tools do.
  private func copyIn() async throws {
    second += 1
    let token = try next()
    // What is pushed next must be newer than the file.
    second += 1
    await ledger.begins(.token(token), of: key)
    let copy = file + ".copy"
    try Data(token.bytes).write(to: URL(filePath: copy))
    rename(copy, file)
  }

  private func next() throws -> Token {
    number += 1
    if number % 50 == 0 { second += 1 }
    return try account.token(second, name: "\(number)")
  }

  private func send(_ method: String, _ token: Token, over connection: Connection, acknowledged: Ledger.Holding) async throws -> Bool {
    guard try await connection.send(HTTPClient.request(method, HTTPClient.path(key), body: token.bytes)),
      let answer = try await connection.answer()
    else { return false }
    switch (method, answer.status) {
    case (_, 200):
      isKnown = true
      await ledger.acknowledged(acknowledged, of: key)
    // Nothing was there to delete.
    case ("DELETE", 404): break
    default: throw SetupError("\(method): \(answer.status) \(answer.text)")
    }
    return true
  }
}
