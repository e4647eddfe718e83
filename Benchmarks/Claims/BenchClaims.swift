import BenchSupport
import Foundation

/// What claims cost on one core: `bench-claims PACK [ROUNDS]`.
///
/// PACK has a line `KEY|TOKEN` for every account. It prints a table in Markdown: each step over all tokens, in turn with libsodium's check of the
/// signatures alone, the median of the rounds.
@main
enum BenchClaims {
  static func main() throws {
    let arguments = CommandLine.arguments
    let rounds = arguments.count == 3 ? Int(arguments[2]) : 5
    guard (2...3).contains(arguments.count), let rounds, rounds > 0 else {
      FileHandle.standardError.write(Data("usage: bench-claims PACK [ROUNDS]\n".utf8))
      exit(64)
    }
    let lines = try Pack.lines(arguments[1])
    let steps = try Steps(lines)
    var times = [[Duration]](repeating: [], count: Steps.names.count)
    for _ in 0..<rounds {
      for (step, time) in try steps.times().enumerated() { times[step].append(time) }
    }
    print(table(times.map { $0.sorted()[$0.count / 2] }, lines))
  }

  private static func table(_ medians: [Duration], _ tokens: [Pack.Line]) -> String {
    let bytes = tokens.reduce(0) { $0 + $1.token.utf8.count }
    let alone = medians[0]
    var lines = [
      "\(tokens.count) account tokens, \(bytes / tokens.count) bytes on average, one core:\n",
      "| step | µs/token | ns/byte | rate beside libsodium alone |", "|---|---|---|---|",
    ]
    for (name, median) in zip(Steps.names, medians) {
      let micros = median / .microseconds(1)
      lines.append(
        String(
          format: "| %@ | %.2f | %.1f | %.2f |", name, micros / Double(tokens.count), micros * 1000 / Double(bytes), alone / median))
    }
    return lines.joined(separator: "\n")
  }
}
