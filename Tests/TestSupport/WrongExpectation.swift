/// What a JSON value is, for whoever wants to change it.
public enum JSONShape<Value> {
  /// Text.
  case text(String)
  /// A whole number.
  case integer(Int64)
  /// True or false.
  case bool(Bool)
  /// A list.
  case list([Value])
  /// An object, its members in order.
  case object([(name: String, value: Value)])
  /// Null, or another number.
  case other

  /// The same shape with other values in it.
  public func map<Other>(_ transform: (Value) -> Other) -> JSONShape<Other> {
    switch self {
    case .text(let text): .text(text)
    case .integer(let number): .integer(number)
    case .bool(let bool): .bool(bool)
    case .list(let elements): .list(elements.map(transform))
    case .object(let members): .object(members.map { (name: $0.name, value: transform($0.value)) })
    case .other: .other
    }
  }
}

/// A JSON value that can be taken apart and put together again.
public protocol ShapedValue: Sendable {
  /// What the value is.
  var shape: JSONShape<Self> { get }

  /// A value of a shape.
  init(shape: JSONShape<Self>)
}

extension VectorValue: ShapedValue {
  /// What the value is; members are in the order of their names.
  public var shape: JSONShape<VectorValue> {
    switch self {
    case .string(let text): .text(text)
    case .integer(let number): .integer(number)
    case .bool(let bool): .bool(bool)
    case .list(let elements): .list(elements)
    case .object(let members): .object(members.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) })
    case .null, .unsigned, .double: .other
    }
  }

  /// A value of a shape; `null` for what is no shape.
  public init(shape: JSONShape<VectorValue>) {
    self =
      switch shape {
      case .text(let text): .string(text)
      case .integer(let number): .integer(number)
      case .bool(let bool): .bool(bool)
      case .list(let elements): .list(elements)
      case .object(let members): .object(Dictionary(members.map { ($0.name, $0.value) }) { $1 })
      case .other: .null
      }
  }
}

/// A case in which one expectation was made wrong.
public struct WrongExpectation<Value: ShapedValue>: Sendable {
  /// How an expectation was made wrong.
  public enum Change: String, Sendable, Hashable {
    /// Another text, number or truth value.
    case changed
    /// A list with an element more.
    case lengthened
    /// Taken out of its list or object.
    case dropped
  }

  /// Where it is, such as `expect.issues[].level`.
  public let path: String

  /// How it was made wrong.
  public let change: Change

  /// The case with it; nil when the value itself was dropped.
  public let value: Value?

  fileprivate func inside(_ rebuild: (Value?) -> Value) -> Self {
    Self(path: path, change: change, value: rebuild(value))
  }
}

extension ShapedValue {
  /// The value with one thing in it made wrong, once for each thing: of a list, only the first element is looked into, and of this
  /// object only the members named, if any are.
  public func wrongExpectations(at path: String = "", in names: Set<String>? = nil) -> [WrongExpectation<Self>] {
    func wrong(_ change: WrongExpectation<Self>.Change, _ shape: JSONShape<Self>) -> WrongExpectation<Self> {
      WrongExpectation(path: path, change: change, value: Self(shape: shape))
    }
    let dropped = WrongExpectation<Self>(path: path, change: .dropped, value: nil)
    switch shape {
    // What is empty means the same when it is missing.
    case .text(let text): return [wrong(.changed, .text(text + "x"))] + (text.isEmpty ? [] : [dropped])
    case .integer(let number): return [wrong(.changed, .integer(number &+ 1))] + (number == 0 ? [] : [dropped])
    case .bool(let bool): return [wrong(.changed, .bool(!bool))]
    case .list(let elements):
      let more = wrong(.lengthened, .list(elements + [elements.last ?? Self(shape: .text("x"))]))
      guard let first = elements.first else { return [more] }
      let rest = Array(elements.dropFirst())
      return [more, wrong(.dropped, .list(rest))]
        + first.wrongExpectations(at: path + "[]").filter { $0.value != nil }.map { change in
          change.inside { Self(shape: .list([$0].compactMap(\.self) + rest)) }
        }
    case .object(let members):
      return members.indices.flatMap { index in
        let (name, value) = members[index]
        guard names?.contains(name) ?? true else { return [WrongExpectation<Self>]() }
        return value.wrongExpectations(at: path.isEmpty ? name : "\(path).\(name)").map { change in
          change.inside { wrong in
            Self(shape: .object(members[..<index] + [wrong].compactMap(\.self).map { (name, $0) } + members[(index + 1)...]))
          }
        }
      }
    case .other: return []
    }
  }
}
