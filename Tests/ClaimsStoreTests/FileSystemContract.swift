import ClaimsStore
import ClaimsTestSupport
import Foundation
import Glibc
import Testing

/// A file system under test.
struct Disk: Sendable, CustomTestStringConvertible {
  let name: String
  let fileSystem: any FileSystem

  var testDescription: String { name }

  static let all = [
    Disk(name: "the system's", fileSystem: SystemFileSystem()), Disk(name: "the double without faults", fileSystem: FaultyFileSystem()),
    Disk(name: "one that follows links", fileSystem: LinkFollowingFileSystem(SystemFileSystem(), inside: "/nowhere")),
  ]
}

@Suite("Every file system")
struct FileSystemContract {
  private let folder: TemporaryFolder
  private var path: String { folder.path + "/file" }

  init() throws { folder = try TemporaryFolder() }

  @Test("a link is followed where it stays inside the folder, and is a link where it leads out or nowhere")
  func links() throws {
    let inside = LinkFollowingFileSystem(SystemFileSystem(), inside: folder.path)
    try folder.write("text", to: "below/real")
    let outside = try TemporaryFolder()
    try outside.write("secret", to: "other")
    for (name, target) in [
      ("link", "below/real"), ("chain", "link"), ("out", "\(outside.path)/other"), ("around", "below/../../\(outside.path)/other"),
      ("nowhere", "nothing"), ("circle", "circle"), ("folder", "below"),
    ] {
      #expect(symlink(target, "\(folder.path)/\(name)") == 0)
    }
    for name in ["link", "chain"] {
      #expect(try inside.status(of: "\(folder.path)/\(name)")?.kind == .file)
      #expect(try inside.read("\(folder.path)/\(name)", limit: 10) == Array("text".utf8))
      #expect(try !inside.isBeingWritten("\(folder.path)/\(name)"))
    }
    for name in ["out", "around", "nowhere", "circle"] {
      #expect(try inside.status(of: "\(folder.path)/\(name)")?.kind == .other)
      #expect(throws: FileError.self) { try inside.read("\(folder.path)/\(name)", limit: 10) }
    }
    #expect(try inside.status(of: "\(folder.path)/folder")?.kind == .folder)
  }

  @Test("creates a file with its bytes, its time and rights for its owner alone", arguments: Disk.all)
  func creates(_ disk: Disk) throws {
    try disk.fileSystem.create(path, Array("text".utf8), modified: 1_234_567)
    #expect(try disk.fileSystem.status(of: path) == FileStatus(kind: .file, size: 4, modified: 1_234_567))
    #expect(try disk.fileSystem.read(path, limit: 100) == Array("text".utf8))
    #expect(try permissions(path) == 0o600)
  }

  @Test("creates nothing over a file, or over a link to nowhere", arguments: Disk.all)
  func createsAnew(_ disk: Disk) throws {
    try folder.write("old", to: "file")
    #expect(#expect(throws: FileError.self) { try disk.fileSystem.create(path, [1], modified: 0) }?.code == EEXIST)
    #expect(try folder.text("file") == "old")
    #expect(symlink("\(folder.path)/nowhere", "\(folder.path)/link") == 0)
    #expect(#expect(throws: FileError.self) { try disk.fileSystem.create(folder.path + "/link", [1], modified: 0) }?.code == EEXIST)
    #expect(try disk.fileSystem.status(of: folder.path + "/nowhere") == nil)
  }

  @Test("reads no more than it is asked for, and neither links, pipes nor folders", .timeLimit(.minutes(1)), arguments: Disk.all)
  func reads(_ disk: Disk) throws {
    try folder.write("a long text", to: "file")
    #expect(try disk.fileSystem.read(path, limit: 6) == Array("a long".utf8))
    #expect(symlink(path, "\(folder.path)/link") == 0)
    #expect(mkfifo("\(folder.path)/pipe", 0o600) == 0)
    for name in ["link", "pipe", ".", "nothing"] {
      #expect(throws: FileError.self) { try disk.fileSystem.read("\(folder.path)/\(name)", limit: 10) }
    }
  }

  @Test("tells files, folders and the rest apart, and does not follow links", arguments: Disk.all)
  func tells(_ disk: Disk) throws {
    try folder.write("text", to: "file")
    #expect(symlink(path, "\(folder.path)/link") == 0)
    #expect(try disk.fileSystem.status(of: path)?.kind == .file)
    #expect(try disk.fileSystem.status(of: folder.path)?.kind == .folder)
    #expect(try disk.fileSystem.status(of: "\(folder.path)/link")?.kind == .other)
    #expect(try disk.fileSystem.status(of: "\(folder.path)/nothing") == nil)
    #expect(try disk.fileSystem.status(of: "\(path)/below a file") == nil)
    #expect(try Set(disk.fileSystem.names(in: folder.path)) == ["file", "link"])
    #expect(#expect(throws: FileError.self) { try disk.fileSystem.names(in: folder.path + "/nothing") }?.code == ENOENT)
  }

  @Test("puts a file in the place of another, and dates it", arguments: Disk.all)
  func renames(_ disk: Disk) throws {
    try folder.write("old", to: "file")
    try disk.fileSystem.create(folder.path + "/new", Array("new".utf8), modified: 0)
    try disk.fileSystem.rename(folder.path + "/new", to: path)
    #expect(try folder.text("file") == "new")
    #expect(try folder.names() == ["file"])
    #expect(try disk.fileSystem.status(of: path)?.modified == 0)
    #expect(throws: FileError.self) { try disk.fileSystem.rename(folder.path + "/nothing", to: path) }
    #expect(try folder.text("file") == "new")
  }

  @Test("dates a file that holds what is right, and leaves any other as it is", arguments: Disk.all)
  func dates(_ disk: Disk) throws {
    try folder.write("a long text", to: "file")
    let before = try disk.fileSystem.status(of: path)
    #expect(try !disk.fileSystem.setModified(path, to: 5005, limit: 6) { $0 == Array("a long text".utf8) })
    #expect(try disk.fileSystem.status(of: path) == before)
    #expect(try disk.fileSystem.setModified(path, to: 5005, limit: 6) { $0 == Array("a long".utf8) })
    #expect(try disk.fileSystem.status(of: path) == FileStatus(kind: .file, size: 11, modified: 5005))
    #expect(throws: FileError.self) { try disk.fileSystem.setModified(folder.path + "/nothing", to: 1, limit: 1) { _ in true } }
  }

  @Test("dates files before 1970, too", arguments: Disk.all)
  func datesLongAgo(_ disk: Disk) throws {
    try disk.fileSystem.create(path, [], modified: -1500)
    #expect(try disk.fileSystem.status(of: path)?.modified == -1500)
  }

  @Test("tells what the store dated from what somebody else wrote", arguments: Disk.all)
  func tellsDates(_ disk: Disk) throws {
    try disk.fileSystem.create(path, [], modified: 1_700_000_000_001)
    #expect(try disk.fileSystem.status(of: path)?.isDatedByStore == true)
    let time = timespec(tv_sec: 1_700_000_000, tv_nsec: 1_000_001)
    #expect(utimensat(AT_FDCWD, path, [time, time], 0) == 0)
    #expect(try disk.fileSystem.status(of: path)?.isDatedByStore == false)
    #expect(try disk.fileSystem.status(of: path)?.modified == 1_700_000_000_001)
  }

  @Test("removes a file that may not be there, and makes a folder that may be", arguments: Disk.all)
  func isRepeatable(_ disk: Disk) throws {
    try folder.write("text", to: "file")
    for _ in 0..<2 { try disk.fileSystem.remove(path) }
    #expect(try folder.names().isEmpty)
    for _ in 0..<2 { try disk.fileSystem.makeFolder(folder.path + "/below") }
    #expect(try permissions(folder.path + "/below") == 0o700)
    #expect(throws: FileError.self) { try disk.fileSystem.makeFolder(folder.path + "/no/parent") }
  }

  @Test("syncs what is there, and says when it is not", arguments: Disk.all)
  func syncs(_ disk: Disk) throws {
    try disk.fileSystem.sync(folder: folder.path)
    try disk.fileSystem.syncAll(under: folder.path)
    #expect(try !disk.fileSystem.type(of: folder.path).isNetwork)
    let nothing = folder.path + "/nothing"
    let error = #expect(throws: FileError.self) { try disk.fileSystem.sync(folder: nothing) }
    #expect(error?.code == ENOENT && error?.path == nothing)
    #expect(throws: FileError.self) { try disk.fileSystem.syncAll(under: nothing) }
    #expect(throws: FileError.self) { try disk.fileSystem.type(of: nothing) }
  }
}
