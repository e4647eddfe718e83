/// A bar on standard error for long work, when a person looks at it.
struct ProgressBar {
  private let total: Int
  private let isShown: Bool
  private var drawn = -1

  init(total: Int) {
    self.total = total
    isShown = total > 1 && Console.isInteractive
  }

  mutating func show(_ done: Int) {
    guard isShown else { return }
    let percent = done * 100 / total
    guard percent != drawn else { return }
    drawn = percent
    let filled = percent * 40 / 100
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 40 - filled)
    Console.status("\r[\(bar)] \(done) of \(total)")
  }

  func finish() {
    if isShown { Console.status("\r\u{1B}[K") }
  }
}
