import HTTPTypes
import NIOHTTP1

extension HTTPHeaders {
  /// Whether the client will send no more requests: `Connection: close`, in any case, alone, in a list or on one of several lines.
  var asksToClose: Bool {
    self["connection"].contains { line in
      line.split(separator: ",").contains { $0.trimmingSpaces.lowercased() == "close" }
    }
  }

  /// The body's length as declared; nil when it is not, or no number.
  var declaredLength: Int? { first(name: "content-length").flatMap { Int($0) } }

  /// Whether the client waits for `100 Continue` before it sends its body.
  var expectsContinue: Bool { first(name: "expect")?.lowercased() == "100-continue" }
}

extension HTTPFields {
  /// The body's length as declared; nil when it is not, or no number.
  var declaredLength: Int? { self[.contentLength].flatMap { Int($0) } }
}
