extension Store {
  /// How to open a store.
  public struct Options: Sendable {
    /// The directory of `.jwt` files.
    public var directory: String
    /// How files are laid out in it.
    public var layout: TokenDirectory.Layout
    /// Where our own state lies; nil for `.nats-claims` in the directory, or for none when the store is read-only.
    public var state: String?
    /// Whether the directory is another's: it is read and never written.
    public var isReadOnly = false
    /// The most bytes of tokens that are held in memory; nil for all of them.
    public var tokenBytes: Int?
    /// Which tokens the log keeps the bytes of; nil for all of them.
    public var retention: Retention? = Retention()
    /// Whether a log that is lost or cannot be opened is moved aside and begun anew.
    public var rebuildsLog = false

    /// Creates options.
    public init(directory: String, layout: TokenDirectory.Layout = .flat) {
      self.directory = directory
      self.layout = layout
    }
  }
}
