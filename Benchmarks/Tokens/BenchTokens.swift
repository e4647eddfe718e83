import Claims
import Foundation
import Nkeys

/// Makes a directory of account tokens for benchmarks: `bench-tokens COUNT FOLDER`.
///
/// FOLDER/operator.jwt is the operator, FOLDER/accounts/KEY.jwt the accounts, 0.7 to 1.9 KB each, FOLDER/keys.txt their keys.
@main
enum BenchTokens {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3, let count = Int(arguments[1]) else {
      FileHandle.standardError.write(Data("usage: bench-tokens COUNT FOLDER\n".utf8))
      exit(64)
    }
    let folder = URL(fileURLWithPath: arguments[2])
    let accounts = folder.appendingPathComponent("accounts")
    try FileManager.default.createDirectory(at: accounts, withIntermediateDirectories: true)
    let now = Int64(Date().timeIntervalSince1970) - 60
    let identity = try KeyPair.generate(.operator)
    let signing = try KeyPair.generate(.operator)
    var operatorClaims = OperatorClaims(subject: identity.publicKey.text)
    operatorClaims.common.name = "bench"
    operatorClaims.signingKeys = [signing.publicKey.text]
    try write(operatorClaims.signed(by: identity, at: now), to: folder.appendingPathComponent("operator.jwt"))

    var keys = ""
    for number in 0..<count {
      let key = try KeyPair.generate(.account).publicKey.text
      var claims = AccountClaims(subject: key)
      claims.common.name = "account \(number)"
      // Between none and six exports: tokens of many sizes, as in the field.
      claims.exports = (0..<number % 7).map { Export(.stream, subject: Subject("orders.\(number).region.\($0).>")) }
      claims.description = String(repeating: "d", count: number % 100)
      try write(claims.signed(by: signing, at: now), to: accounts.appendingPathComponent("\(key).jwt"))
      keys += key + "\n"
    }
    try Data(keys.utf8).write(to: folder.appendingPathComponent("keys.txt"))
  }

  private static func write(_ token: Token, to file: URL) throws {
    try Data(token.bytes).write(to: file)
  }
}
