/// Whether a text names a time zone of the IANA database.
enum TimeZoneName {
  /// What is wrong with a name; nil when nothing is. The empty text is UTC.
  static func problem(with name: String) -> String? {
    if ["", "UTC", "Local"].contains(name) { return nil }
    if name.contains("..") || name.hasPrefix("/") || name.hasPrefix("\\") { return "time: invalid location name" }
    return IANATimeZones.names.contains(name) ? nil : "unknown time zone \(name)"
  }
}
