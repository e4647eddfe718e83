import Testing

@testable import Claims

@Suite("writing JSON")
struct JSONWriterTests {
  @Test(
    "doubles have the reference's forms",
    arguments: [
      (0, "0"), (-0.0, "-0"), (1, "1"), (0.1, "0.1"), (-1.25, "-1.25"), (1e20, "100000000000000000000"), (1e21, "1e+21"),
      (1.5e300, "1.5e+300"), (1e-6, "0.000001"), (1e-7, "1e-7"), (1.25e-9, "1.25e-9"), (123_456_789_012_345_680, "123456789012345680"),
      (Double.leastNonzeroMagnitude, "5e-324"), (1.797_693_134_862_315_7e308, "1.7976931348623157e+308"), (1_234.5678, "1234.5678"),
    ] as [(Double, String)])
  func doubles(_ value: Double, _ text: String) {
    #expect(JSONNumber.text(value) == text)
  }

  @Test("only what must be escaped is escaped")
  func escapes() {
    var writer = JSONWriter()
    writer.string("<>&\u{2028}\u{2029}\"\\\u{8}\u{C}\n\r\t\u{1}\u{1F}/\u{7F}é😀\u{2027}")
    #expect(writer.text == #""\u003c\u003e\u0026\u2028\u2029\"\\\b\f\n\r\t\u0001\u001f/"# + "\u{7F}é😀\u{2027}\"")
  }

  @Test("a value without a written form is noted, not dropped")
  func failures() {
    var writer = JSONWriter()
    writer.double(.infinity)
    #expect(writer.failure == ClaimsError(.unwritable, ""))
    #expect(writer.text == "null")
  }
}
