import Synchronization

/// A text that many accounts share, by number: issuers and owners are few, accounts are many.
public struct InternedName: Sendable, Hashable {
  let number: UInt32
}

/// Texts and their numbers.
final class NameTable: Sendable {
  private struct State {
    var texts: [String] = []
    var numbers: [String: UInt32] = [:]
  }

  private let state = Mutex(State())

  func intern(_ text: String) -> InternedName {
    state.withLock { state in
      if let number = state.numbers[text] { return InternedName(number: number) }
      let number = UInt32(state.texts.count)
      state.texts.append(text)
      state.numbers[text] = number
      return InternedName(number: number)
    }
  }

  func text(of name: InternedName) -> String { state.withLock { $0.texts[Int(name.number)] } }
}
