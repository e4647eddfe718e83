import Claims
import Foundation
import Nkeys

/// Makes account tokens for benchmarks.
///
/// `bench-tokens COUNT FOLDER`: FOLDER/operator.jwt is the operator, FOLDER/accounts/KEY.jwt the accounts, 0.7 to 1.9 KB each, FOLDER/keys.txt
/// their keys.
///
/// `bench-tokens COUNT FOLDER VERSIONS`: the accounts' tokens are in FOLDER/pushes-1.txt, a line `KEY|TOKEN` each, and newer ones of the same
/// accounts in FOLDER/pushes-2.txt and so on.
///
/// `bench-tokens COUNT FOLDER VERSIONS USERS`: for real nats-servers. The operator names a system account, FOLDER/system.jwt, of which
/// FOLDER/system.creds is a user; FOLDER/users/KEY.creds are users of the first USERS accounts. VERSIONS may be 0.
@main
enum BenchTokens {
  static func main() throws {
    let arguments = CommandLine.arguments
    let versions = arguments.count >= 4 ? Int(arguments[3]) : 0
    let users = arguments.count == 5 ? Int(arguments[4]) : 0
    guard (3...5).contains(arguments.count), let count = Int(arguments[1]), let versions, let users else {
      FileHandle.standardError.write(Data("usage: bench-tokens COUNT FOLDER [VERSIONS [USERS]]\n".utf8))
      exit(64)
    }
    let folder = URL(fileURLWithPath: arguments[2])
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let now = Int64(Date().timeIntervalSince1970) - 60
    let identity = try KeyPair.generate(.operator)
    let signing = try KeyPair.generate(.operator)
    var operatorClaims = OperatorClaims(subject: KeyReference(identity.publicKey))
    operatorClaims.common.name = "bench"
    operatorClaims.signingKeys = [KeyReference(signing.publicKey)]
    if arguments.count == 5 {
      let system = try KeyPair.generate(.account)
      operatorClaims.systemAccount = KeyReference(system.publicKey)
      var claims = AccountClaims(subject: KeyReference(system.publicKey))
      claims.common.name = "SYS"
      try write(claims.signed(by: signing, at: now), to: folder.appendingPathComponent("system.jwt"))
      try writeUser(of: system, at: now, to: folder.appendingPathComponent("system.creds"))
    }
    try write(operatorClaims.signed(by: identity, at: now), to: folder.appendingPathComponent("operator.jwt"))

    // A pair is not kept: its seed takes protected memory.
    let accounts = try (0..<count).map { number in
      let pair = try KeyPair.generate(.account)
      if number < users { try writeUser(of: pair, at: now, to: folder.appendingPathComponent("users/\(pair.publicKey.text).creds")) }
      return claims(of: pair.publicKey, number: number)
    }
    try Data(accounts.map { $0.common.sub.text + "\n" }.joined().utf8).write(to: folder.appendingPathComponent("keys.txt"))
    if versions == 0 {
      let files = folder.appendingPathComponent("accounts")
      try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
      for account in accounts {
        try write(account.signed(by: signing, at: now), to: files.appendingPathComponent("\(account.common.sub).jwt"))
      }
    }
    for version in 0..<versions {
      var lines: [UInt8] = []
      for account in accounts {
        lines += Array("\(account.common.sub)|".utf8) + (try account.signed(by: signing, at: now + Int64(version)).bytes) + [0x0A]
      }
      try Data(lines).write(to: folder.appendingPathComponent("pushes-\(version + 1).txt"))
    }
  }

  /// Between none and six exports: tokens of many sizes, as in the field.
  private static func claims(of key: PublicKey, number: Int) -> AccountClaims {
    var claims = AccountClaims(subject: KeyReference(key))
    claims.common.name = "account \(number)"
    claims.exports = (0..<number % 7).map { Export(.stream, subject: Subject("orders.\(number).region.\($0).>")) }
    claims.description = String(repeating: "d", count: number % 100)
    return claims
  }

  /// Makes a user of an account, and writes its creds file.
  private static func writeUser(of account: KeyPair, at now: Int64, to file: URL) throws {
    let pair = try KeyPair.generate(.user)
    let token = try UserClaims(subject: KeyReference(pair.publicKey)).signed(by: account, at: now)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try CredentialsFile.text(userToken: token.text, seed: pair).withUnsafeBytes { try Data($0).write(to: file) }
  }

  private static func write(_ token: Token, to file: URL) throws {
    try Data(token.bytes).write(to: file)
  }
}
