import Foundation
import Synchronization

/// A disk under a server's log that breaks and heals while the server runs: the library of `Tests/FaultInjection`, loaded in front of the C
/// library.
final class BreakableDisk: Sendable {
  /// The calls that SQLite makes on its files.
  enum Call: String, CaseIterable, Sendable {
    case write = "pwrite64"
    case read = "pread64"
    case sync = "fdatasync"
    case truncate = "ftruncate64"
    case any
  }

  /// The files of the log.
  enum File: String, Sendable {
    case log = "log.sqlite"
    case writeAhead = "log.sqlite-wal"
    case any
  }

  /// How a call fails.
  enum Failure: Sendable, Hashable, CustomStringConvertible {
    case error(Int32)
    /// Half of the bytes are written, which is no error.
    case short
    /// The call does not return before the disk heals.
    case hang

    var description: String {
      switch self {
      case .error(let code): "\(code)"
      case .short: "short"
      case .hang: "hang"
      }
    }
  }

  /// A call that was made.
  struct Made: Sendable {
    let call: Call
    let path: String
    let result: String

    var isOnLog: Bool { path.hasSuffix(File.log.rawValue) }
  }

  private let control: String
  private let trace: String
  private let number = Mutex(0)

  init() throws {
    control = try Stage.required.path("faults")
    trace = try Stage.required.path("calls")
    try heal()
  }

  /// Puts the disk under a server that is started with these options.
  func lieUnder(_ options: inout ServerUnderTest.Options) throws {
    options.environment = [
      "LD_PRELOAD": try Tool.faults.path, "NATS_CLAIMS_FAULT_FILES": "log.sqlite", "NATS_CLAIMS_FAULT_CONTROL": control,
      "NATS_CLAIMS_FAULT_TRACE": trace,
    ]
  }

  /// From now on the `first` such call fails, and those that follow: `count` in all, or all of them.
  func fail(_ call: Call, on file: File = .any, _ failure: Failure, first: Int = 1, count: Int? = nil) throws {
    try order("\(call.rawValue) \(file.rawValue) \(failure) \(first) \(count ?? 0)")
  }

  /// From now on all is well.
  func heal() throws { try order("any any 0 1 1") }

  /// The calls made so far.
  var calls: [Made] {
    let text = FileManager.default.contents(atPath: trace).map { String(decoding: $0, as: UTF8.self) } ?? ""
    return text.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: " ")
      guard parts.count == 3, let call = Call(rawValue: String(parts[0])) else { return nil }
      return Made(call: call, path: String(parts[1]), result: String(parts[2]))
    }
  }

  /// The calls that met a fault.
  var failed: [Made] { calls.filter { $0.result != "passed" } }

  private func order(_ text: String) throws {
    let number = number.withLock { number in
      number += 1
      return number
    }
    // Whole at once: the library reads it at any moment.
    try Data("\(number) \(text)\n".utf8).write(to: URL(filePath: control), options: .atomic)
  }
}
