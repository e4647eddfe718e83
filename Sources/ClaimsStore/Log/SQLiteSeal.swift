import Crypto
import Foundation
import GRDB

/// One hash over what lies beside the log, where the chain does not reach: the readers' cursors, the operators, and which tokens were given up.
///
/// A cursor that moved by itself would hide a change from its reader, and a token that vanished would look like one that retention gave up:
/// nothing else in the file could tell. The seal is renewed in the transaction that changes any of it.
enum SQLiteSeal {
  /// What the seal says of tokens that were given up: how many there are, and the sum of their sequences.
  struct GivenUp: Hashable {
    var count: Int64
    var sum: Int64
  }

  /// Seals what lies there now, after the tokens of some records were given up.
  static func renew(_ db: Database, givingUp sequences: [Int64] = []) throws {
    if !sequences.isEmpty {
      try db.cachedStatement(sql: "UPDATE seal SET given_up = given_up + ?, given_up_sum = given_up_sum + ?").execute(
        arguments: [Int64(sequences.count), sequences.reduce(0, &+)])
    }
    let digest = data(try digest(db))
    try db.cachedStatement(sql: "UPDATE seal SET digest = ?").execute(arguments: [digest])
  }

  /// The tokens given up, as the seal says; nil when there is no seal.
  static func givenUp(_ db: Database) throws -> GivenUp? {
    try Row.fetchOne(try db.cachedStatement(sql: "SELECT given_up, given_up_sum FROM seal WHERE id = 1")).map { row in
      GivenUp(count: try SQLiteRow.number(row, 0), sum: try SQLiteRow.number(row, 1))
    }
  }

  /// The hash over what lies there now. Each value enters with its type and length, so that no two contents give the same input.
  static func digest(_ db: Database) throws -> [UInt8] {
    var hasher = SHA256()
    for sql in contents {
      let rows = try Row.fetchCursor(try db.cachedStatement(sql: sql))
      while let row = try rows.next() {
        hasher.update(data: [UInt8(ascii: "r")])
        for column in 0..<row.count {
          let bytes = try row.withUnsafeData(atIndex: column) { $0.map { [UInt8]($0) } }
          let type: DatabaseValue = row[column]
          hasher.update(data: [tag(of: type.storage)])
          withUnsafeBytes(of: Int64(bytes?.count ?? 0).bigEndian) { hasher.update(bufferPointer: $0) }
          hasher.update(data: bytes ?? [])
        }
      }
      hasher.update(data: [UInt8(ascii: "t")])
    }
    return Array(hasher.finalize())
  }

  /// A hash as SQLite takes it.
  static func data(_ digest: [UInt8]) -> Data { Data(digest) }

  private static let contents = [
    "SELECT name, sequence FROM reader ORDER BY name",
    "SELECT key, position, iat, token FROM operator ORDER BY key",
    "SELECT id, given_up, given_up_sum FROM seal ORDER BY id",
  ]

  private static func tag(of value: DatabaseValue.Storage) -> UInt8 {
    switch value {
    case .null: UInt8(ascii: "n")
    case .int64: UInt8(ascii: "i")
    case .double: UInt8(ascii: "d")
    case .string: UInt8(ascii: "s")
    case .blob: UInt8(ascii: "b")
    }
  }
}
