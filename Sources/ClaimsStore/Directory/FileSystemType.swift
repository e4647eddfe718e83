/// The kind of file system that a folder lies on, by the number that `statfs(2)` gives.
public struct FileSystemType: Sendable, Hashable {
  /// The number, `f_type`.
  public let magic: UInt32

  /// Takes the number.
  public init(magic: UInt32) {
    self.magic = magic
  }

  /// File systems whose files another machine may write: no locks, no shared memory and no change notices that could be relied on.
  private static let network: [UInt32: String] = [
    0x6969: "nfs", 0x517B: "smb", 0xFE53_4D42: "smb2", 0xFF53_4D42: "cifs", 0x0102_1997: "9p", 0x5346_414F: "afs", 0x6B41_4653: "afs",
    0x00C3_6400: "ceph", 0x0BD0_0BD0: "lustre", 0x4750_4653: "gpfs", 0x7461_636F: "ocfs2", 0x0116_1970: "gfs2", 0x7375_7245: "coda",
    0x564C: "ncp", 0x1980_0202: "beegfs", 0x6573_5546: "fuse",
  ]

  /// Whether other machines may write to it. FUSE counts, because most that is mounted with it is remote and none of it says.
  public var isNetwork: Bool { Self.network[magic] != nil }

  /// The name, for messages.
  public var name: String { Self.network[magic] ?? "type 0x\(String(magic, radix: 16))" }
}
