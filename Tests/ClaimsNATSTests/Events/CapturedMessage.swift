import Claims
import TestSupport

@testable import ClaimsNATS

/// The versions of nats-server whose messages were captured.
enum CapturedVersion: String, Sendable, CaseIterable {
  case old = "2.9.10"
  case new = "2.14.0"
}

/// A message of a real nats-server, from `Tests/Fixtures/events`.
struct CapturedMessage: Sendable {
  let subject: String
  let payload: [UInt8]
  let data: JSONValue

  /// Reads one.
  ///
  /// - Throws: ``SetupError`` when there is no such file, or it has another form.
  init(_ name: String, _ version: CapturedVersion) throws {
    let file = "Tests/Fixtures/events/\(name).\(version.rawValue).json"
    let capture = try JSONReader().read(Array(Repository.text(file).utf8))
    guard let subject = capture["subject"]?.text, let data = capture["data"] else { throw SetupError("\(file) is no captured message") }
    self.subject = subject
    self.data = data
    // A token is a text, everything else JSON.
    payload = Array((data.text ?? data.jsonText).utf8)
  }

  /// It as a message that was heard.
  var message: NATSMessage { NATSMessage(subject: subject, payload: payload) }

  /// It as an event.
  ///
  /// - Throws: ``SetupError`` when it is none.
  func event() throws -> SystemEvent {
    guard let event = SystemEvent(message) else { throw SetupError("\(subject) is not read as an event") }
    return event
  }

  /// It as an event with what its tokens say.
  ///
  /// - Throws: ``SetupError`` when it is no event.
  func reading() throws -> EventReading { EventReading(try event()) }
}

/// The keys in the captured messages, and the short names that expectations have for them.
enum CapturedKeys {
  private static let names = [
    "AD52CMZILOWBTA3JLYFUVY4RSC5O3BOPQTGHEJIRPRAXK4MEZTZYT5Q6": "<A>",
    "UDY4LDSNVOH6BKN6VEPW3EKZFHIXD56LMST3JEML4QPYMRIMYWL3U43Q": "<UA>",
    "ACBLYDN7GZ64T7DFFZ7L76JYW4JF2RW2TDAGYPNYUZ4BUOVOLFI3WKCR": "<B>",
    "UDZ5ILDJKRN4HJ7LD2P5JZLDU76B7QYS5WZXTGTM5KS4A3ABYPQMZA2P": "<UB>",
    "ABA4SXT5WCVW6DJ3GCQC4JMF5BTO2RFROQDRJ3UTIDWQP5VMGVMOTM5L": "<SYS>",
    "OA6WWLT5BRQUC26SEFPTKS57W5UFQCIFAB26WYYQZ3NA3ZA33XSZ5P5M": "<OP>",
    "ADOPVABFRTV3LJRBOXETYTYM72GNCJZHLMQQJKXDVXAKTXJG6Z5X42NM": "<C>",
    "ODXUPRMCV2NLVNOMDNNVAKJ3Y6ZNHCW5Z5R2CEBCZLWDWJXLPDBMK27W": "<OC>",
  ]

  /// The text with short names in place of keys; those of servers, which each run makes anew, are all `<N>`.
  static func shortened(_ text: String) -> String {
    names.reduce(text.replacing(#/N[A-Z2-7]{55}/#, with: "<N>")) { $0.replacing($1.key, with: $1.value) }
  }
}
