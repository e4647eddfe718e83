import ClaimsRegistry

/// An error that ends a command: its text goes to standard error, the exit code is 1.
struct CommandFailure: Error, CustomStringConvertible {
  let description: String

  /// Takes the text; what tokens, files and servers brought into it cannot steer the terminal.
  init(_ description: String) {
    self.description = PlainText.lines(description)
  }
}
