import Foundation
import Testing

@testable import Claims

@Suite("a token as people read it")
struct DecodedViewTests {
  /// Answers of the account server of old, captured from a running one.
  private static let captures: [ClaimsVectorCase] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/views/decoded-view.json")
    do {
      let root = try JSONReader().read(Array(Data(contentsOf: file)))
      return (root["cases"]?.elements ?? []).map(ClaimsVectorCase.init)
    } catch {
      return []
    }
  }()

  @Test("the captures are there")
  func capturesAreThere() {
    #expect(Self.captures.count == 3)
  }

  @Test("the text is the one the account server of old gave", arguments: captures)
  func matchesTheCapture(_ capture: ClaimsVectorCase) throws {
    let text = try DecodedView.describe(capture.token())
    #expect(text.utf8.elementsEqual(capture.text("text").utf8))
  }

  @Test("a text without three chunks has no view")
  func refusesOtherTexts() {
    #expect(throws: ClaimsError(.chunks, "")) { try DecodedView.describe(Token("a.b")) }
  }

  @Test(
    "days are counted in UTC",
    arguments: [
      (0, "1970-01-01"), (951_782_400, "2000-02-29"), (1_795_337_907, "2026-11-22"), (-1, "1969-12-31"), (4_102_444_799, "2099-12-31"),
    ] as [(Int64, String)])
  func days(_ seconds: Int64, _ text: String) {
    #expect(CivilDate(secondsSince1970: seconds).description == text)
  }
}
