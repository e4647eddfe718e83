import ClaimsStore
import Glibc

/// Waits for new records of a log, also over a log that is begun anew.
struct LogFollower {
  private static let interval = Duration.milliseconds(250)
  /// How long a log that cannot be read is tried again: one that is begun anew is made in steps.
  private static let patience = Duration.seconds(5)

  let options: LogOptions
  let filter: LogFilter
  /// Where it has come to.
  private var last: LogHead
  private var file: ino_t?
  private var failingSince: ContinuousClock.Instant?

  /// Begins behind a record.
  init(_ options: LogOptions, filter: LogFilter, after last: LogHead) {
    self.options = options
    self.filter = filter
    self.last = last
    file = Self.file(options)
  }

  /// Hands over new records until the task is cancelled.
  ///
  /// The log is opened anew for each look: nothing of ours stays in the server's way, and a log that took another's place is noticed.
  mutating func follow(_ body: (LoggedChange) throws -> Bool) async throws {
    while true {
      try await Task.sleep(for: Self.interval)
      // Between two logs there is none for a moment.
      guard let current = Self.file(options) else { continue }
      if current != file {
        file = current
        last = LogHead(sequence: 0, chain: ChangeChain.origin)
        Console.note("the log was begun anew (--rebuild-log): its records follow from the first")
      }
      do {
        guard try look(body) else { return }
        failingSince = nil
      } catch let error as StoreError {
        let since = failingSince ?? .now
        failingSince = since
        guard since.duration(to: .now) < Self.patience else { throw CommandFailure(error.description) }
      }
    }
  }

  private mutating func look(_ body: (LoggedChange) throws -> Bool) throws -> Bool {
    let reader = try LogReader(options.folder)
    guard try reader.chain(at: last.sequence) == last.chain else {
      throw CommandFailure("the log no longer holds record \(last.sequence) as it was: it was restored or altered; check it with --verify")
    }
    var goesOn = true
    var head = last
    // All records, so that the place is known; the filter is asked here.
    try reader.forEach(after: last.sequence) { logged in
      head = LogHead(sequence: logged.record.sequence, chain: logged.record.chain)
      if filter.admits(logged.record.change) { goesOn = try body(logged) }
      return goesOn
    }
    last = head
    return goesOn
  }

  private static func file(_ options: LogOptions) -> ino_t? {
    var status = stat()
    return stat(options.folder.logFile, &status) == 0 ? status.st_ino : nil
  }
}
