import BenchSupport

/// The load of the benchmarks: `bench-load verify PACK FROM COUNT` and `bench-load push PORT CLIENTS PACK FROM COUNT`.
///
/// PACK has a line `KEY|TOKEN` for every account. It prints one line of JSON.
@main
enum BenchLoad {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    switch arguments.first {
    case "verify" where arguments.count == 4:
      let lines = try Pack.lines(arguments[1], from: number(arguments[2]), count: number(arguments[3]))
      let signed = try SignedTokens(lines)
      print(#"{"rate": \#(Double(signed.count) / (try signed.checkingTime() / .seconds(1)))}"#)
    case "push" where arguments.count == 6:
      let lines = try Pack.lines(arguments[3], from: number(arguments[4]), count: number(arguments[5]))
      print(try PushLoad(port: UInt16(number(arguments[1])), clients: number(arguments[2]), requests: lines.map(request)).run())
    default:
      throw BenchFailure("usage: bench-load verify PACK FROM COUNT | push PORT CLIENTS PACK FROM COUNT")
    }
  }

  /// The bytes of the request that pushes a line.
  private static func request(_ line: Pack.Line) -> [UInt8] {
    Array(
      "POST /jwt/v1/accounts/\(line.key) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: \(line.token.utf8.count)\r\n\r\n\(line.token)".utf8)
  }

  private static func number(_ text: String) throws -> Int {
    guard let number = Int(text) else { throw BenchFailure("\(text) is no number") }
    return number
  }
}
