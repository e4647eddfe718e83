import ClaimsStore

/// Prints the records that are asked for.
struct LogListing {
  let reader: LogReader
  let filter: LogFilter
  var limit: Int?
  var newestFirst = false
  var json = false

  /// Prints them, and tells how many they were and where the log ended.
  func run() throws -> (count: Int, head: LogHead) {
    // Asked for first: what comes while the list is printed is left to whoever follows.
    let head = try reader.head()
    let isBackwards = newestFirst || limit != nil
    return (isBackwards ? try printBackwards(from: head) : try printForwards(to: head), head)
  }

  private func printForwards(to head: LogHead) throws -> Int {
    var count = 0
    try reader.forEach(filter) { logged in
      guard logged.record.sequence <= head.sequence else { return false }
      count += 1
      try AuditLine(logged).print(json: json)
      return true
    }
    return count
  }

  /// The newest ones are found from the end; as many as are asked for can be held to be turned round.
  private func printBackwards(from head: LogHead) throws -> Int {
    var count = 0
    var lines: [LoggedChange] = []
    try reader.forEachBackwards(filter) { logged in
      guard logged.record.sequence <= head.sequence else { return true }
      count += 1
      if newestFirst { try AuditLine(logged).print(json: json) } else { lines.append(logged) }
      return count < limit ?? .max
    }
    for line in lines.reversed() { try AuditLine(line).print(json: json) }
    return count
  }
}
