import ArgumentParser

/// A number of days on the command line, at least 1: `400` or `400d`.
struct DayCount: ExpressibleByArgument, CustomStringConvertible {
  let days: Int

  init(days: Int) { self.days = days }

  init?(argument: String) {
    guard let days = Int(argument.hasSuffix("d") ? argument.dropLast() : argument[...]), days >= 1 else { return nil }
    self.days = days
  }

  var description: String { "\(days)d" }
}
