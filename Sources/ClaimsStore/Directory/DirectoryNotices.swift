import Dispatch
import Glibc
import Synchronization

/// Notices of the kernel (inotify) that something happened to files of a directory, for whoever wants to look at them.
///
/// A notice says nothing but "look at this file": many about one file are one. When the kernel drops notices, or a sub-folder appears, the
/// whole directory is to be looked at. On file systems that others write to there are no notices of what they do: look at times.
public final class DirectoryNotices: Sendable {
  /// What is to be looked at.
  public struct Notices: Sendable {
    /// The names of `.jwt` files, without their ending, that something happened to.
    public var names: Set<String> = []
    /// Whether everything is to be looked at.
    public var everything = false

    /// Nothing to look at.
    public init() {}

    /// Whether there is nothing to look at.
    public var isEmpty: Bool { names.isEmpty && !everything }
  }

  private struct State {
    var notices = Notices()
    var shards: [Int32: String] = [:]
  }

  /// Yields when there is something to look at; what, ``take()`` tells.
  public let signals: AsyncStream<Void>
  private let signal: AsyncStream<Void>.Continuation
  private let directory: TokenDirectory
  private let descriptor: Int32
  /// Dispatch sources may be used from any thread, but Dispatch does not say so to the compiler.
  nonisolated(unsafe) private let source: any DispatchSourceRead
  private let state = Mutex(State())

  private static let rootEvents = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_ONLYDIR
  private static let ending = ".jwt"

  /// Begins to watch a directory and its sub-folders.
  ///
  /// - Throws: ``FileError`` when the kernel gives no watch: there are too many, or the directory is gone.
  public init(_ directory: TokenDirectory) throws(FileError) {
    self.directory = directory
    (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    let descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
    guard descriptor >= 0 else { throw FileError(code: errno, call: "inotify_init1", path: directory.path) }
    self.descriptor = descriptor
    source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: DispatchQueue(label: "nats-claims notices"))
    source.setEventHandler { [weak self] in self?.read() }
    source.setCancelHandler { close(descriptor) }
    source.activate()
    guard inotify_add_watch(descriptor, directory.path, UInt32(Self.rootEvents)) >= 0 else {
      throw FileError(code: errno, call: "inotify_add_watch", path: directory.path)
    }
    for shard in try directory.shards() { try watch(shard) }
  }

  deinit { stop() }

  /// Ends the notices.
  public func stop() {
    source.cancel()
    signal.finish()
  }

  /// What is to be looked at since the last call.
  public func take() -> Notices {
    state.withLock { state in
      defer { state.notices = Notices() }
      return state.notices
    }
  }

  private func watch(_ shard: String) throws(FileError) {
    let path = "\(directory.path)/\(shard)"
    let watch = inotify_add_watch(descriptor, path, UInt32(Self.rootEvents))
    guard watch >= 0 else { throw FileError(code: errno, call: "inotify_add_watch", path: path) }
    state.withLock { $0.shards[watch] = shard }
  }

  private func read() {
    let size = 65_536
    withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { buffer in
      while true {
        let count = Glibc.read(descriptor, buffer.baseAddress, size)
        guard count > 0 else { break }
        take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
    }
    if !state.withLock({ $0.notices.isEmpty }) { signal.yield() }
  }

  /// Reads the events in a buffer: each a fixed part, in which the length of the name stands, and the name.
  private func take(_ events: UnsafeRawBufferPointer) {
    let header = MemoryLayout<inotify_event>.size
    var rest = events[...]
    while rest.count >= header {
      let event = UnsafeRawBufferPointer(rebasing: rest).loadUnaligned(as: inotify_event.self)
      let name = rest.dropFirst(header).prefix(Int(event.len))
      // Our own temporary files, which are most of what happens: their names begin with a dot.
      if name.first != UInt8(ascii: ".") || Self.isTurned(name) {
        note(event, name: String(decoding: name.prefix { $0 != 0 }, as: UTF8.self))
      }
      rest = rest.dropFirst(header + Int(event.len))
    }
  }

  /// Whether it is the link behind which Kubernetes puts the files of a ConfigMap: when it turns, all of them are others.
  private static func isTurned(_ name: Slice<UnsafeRawBufferPointer>) -> Bool {
    name.prefix { $0 != 0 }.elementsEqual("..data".utf8)
  }

  private func note(_ event: inotify_event, name: String) {
    if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { return state.withLock { $0.notices.everything = true } }
    if name.hasPrefix(".") { return state.withLock { $0.notices.everything = true } }
    if event.mask & UInt32(IN_ISDIR) != 0 { return noteFolder(event, name) }
    let shard = state.withLock { $0.shards[event.wd] }
    guard let file = directory.file(named: name, in: shard) else { return }
    state.withLock { _ = $0.notices.names.insert(file.name) }
  }

  /// A sub-folder that appears is watched, and what lies in it already is to be looked at; what lay in one that goes, too.
  private func noteFolder(_ event: inotify_event, _ name: String) {
    guard name.utf8.count == 2 else { return }
    if event.mask & UInt32(IN_CREATE | IN_MOVED_TO) != 0 {
      do throws(FileError) {
        try watch(name)
      } catch {
        // It is gone again, or the kernel has no watches left: the scan at times finds its files.
      }
    }
    state.withLock { $0.notices.everything = true }
  }
}
