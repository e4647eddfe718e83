public import Nkeys

/// What changed between two claims of one subject: values for programs, and lines for people.
///
/// Everything that claims say is compared, members that this version does not know included. Texts are compared byte by byte.
public struct ClaimsDifference: Hashable, Sendable {
  /// The kind of the claims.
  public let type: ClaimType

  /// Whom the claims are about.
  public let subject: KeyReference

  /// What changed, in the order in which claims are written: what was removed or changed first, what was added after it.
  public let changes: [ClaimsChange]

  /// Compares two claims.
  ///
  /// Throws `claimType` for claims of two kinds, `subject` for claims about two subjects, `json` when members without a model nest too deep.
  public init(from old: Claims, to new: Claims) throws(ClaimsError) {
    guard old.type == new.type else {
      throw ClaimsError(.claimType, "claims of two kinds cannot be compared: \(old.type.rawValue) and \(new.type.rawValue)")
    }
    guard old.common.sub == new.common.sub else {
      throw ClaimsError(
        .subject, "the claims are about two subjects: \(GoText.quoted(old.common.sub.text)) and \(GoText.quoted(new.common.sub.text))")
    }
    var finder = DifferenceFinder()
    finder.compare(try old.completeValue(), try new.completeValue(), at: [], .of(new.type))
    type = new.type
    subject = new.common.sub
    changes = finder.changes
  }

  /// Whether nothing changed.
  public var isEmpty: Bool { changes.isEmpty }

  /// The new claims, made from the old ones.
  ///
  /// Members that this version does not know are written without white space. Throws `difference` when these are not the claims that were
  /// compared, or `json` when the values that were added are none that claims of this kind can have.
  public func applied(to old: Claims) throws(ClaimsError) -> Claims {
    let patched = try DifferencePatch.apply(changes[...], to: try old.completeValue(), depth: 0, .of(type))
    return try Claims(type, json: Array(patched.jsonText.utf8))
  }

  /// What changed in the words of the field, a line each: `connections: unlimited → 10`, `revoked U…`, `export orders.> removed`.
  ///
  /// Names and texts stand in them as the claims hold them. Passwords and tokens are not shown.
  public var lines: [String] { changes.map { MemberWords.of(type).line(for: $0) } }
}

extension Claims {
  /// All members as JSON, also lists that are there but empty, which a token of the reference does not have.
  fileprivate func completeValue() throws(ClaimsError) -> JSONValue {
    var writer = JSONWriter(keepsUnknownMembers: true, keepsEmptyMembers: true)
    write(to: &writer)
    return try JSONReader().read(writer.bytes)
  }
}
