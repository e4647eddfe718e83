import ArgumentParser
import ClaimsRegistry

/// How long to wait, as it is said on the command line.
struct WaitTime: ExpressibleByArgument {
  let span: WaitSpan

  init?(argument: String) {
    guard let span = WaitSpan(argument) else { return nil }
    self.span = span
  }
}
