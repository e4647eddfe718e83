import Claims
public import ClaimsStore

/// What a directory holds, judged file by file: the same judgement that the first start on it makes. Nothing is changed.
public struct DirectorySurvey: Sendable {
  /// A file with what is to be said of it.
  public struct Line: Sendable, Hashable {
    /// Its path below the directory.
    public let file: String
    /// The remarks on a file that is served, or the one reason of a file that is not.
    public let texts: [String]
  }

  /// How many accounts are served.
  public var accounts: Int { newest.count }
  /// The files that are served although a push of them would be refused, or that are odd, sorted by path.
  public let remarked: [Line]
  /// The files that are not served, sorted by path.
  public let withheld: [Line]

  let newest: [AccountKey: FoundFile]
  let withheldFiles: [WithheldFile]

  /// How many files one task judges.
  private static let chunk = 256

  /// Reads and judges every `.jwt` file of a directory, in both layouts, on all cores.
  ///
  /// - Parameters:
  ///   - directory: the directory.
  ///   - trust: the operators; without any, nothing is said of issuers.
  ///   - policy: the rules of admission, for the remarks.
  ///   - now: the time, in seconds since 1970.
  /// - Throws: ``FileError`` when the directory cannot be listed.
  public init(_ directory: TokenDirectory, trust: TrustedOperators, policy: AdmissionPolicy = AdmissionPolicy(), now: Int64) async throws {
    let files = try directory.files()
    let judged = await withTaskGroup(of: (Int, [Result<FoundFile, WithheldFile>]).self) { group in
      for start in stride(from: 0, to: files.count, by: Self.chunk) {
        group.addTask {
          let part = files[start..<min(files.count, start + Self.chunk)]
          return (start, part.map { file in Self.judge(file, directory, trust, policy, now) })
        }
      }
      return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.flatMap(\.1)
    }
    var newest: [AccountKey: FoundFile] = [:]
    var withheld: [WithheldFile] = []
    for result in judged {
      switch result {
      case .failure(let file): withheld.append(file)
      case .success(let found):
        guard let other = newest[found.account] else {
          newest[found.account] = found
          continue
        }
        let (served, left) = found.isNewer(than: other) ? (found, other) : (other, found)
        newest[found.account] = served
        withheld.append(
          WithheldFile(
            left.file, "the account lies here and in \(PlainText.line(served.file.relativePath)); the newer token is served",
            left.sight))
      }
    }
    self.newest = newest
    withheldFiles = withheld
    self.withheld = withheld.map { Line(file: PlainText.line($0.file.relativePath), texts: [$0.reason]) }.sorted { $0.file < $1.file }
    remarked = newest.values.filter { !$0.remarks.isEmpty }
      .map { Line(file: PlainText.line($0.file.relativePath), texts: $0.remarks) }.sorted { $0.file < $1.file }
  }

  private static func judge(
    _ file: TokenDirectory.File, _ directory: TokenDirectory, _ trust: TrustedOperators, _ policy: AdmissionPolicy, _ now: Int64
  ) -> Result<FoundFile, WithheldFile> {
    do throws(WithheldFile) {
      return .success(try FoundFile(file, in: directory, trust: trust, policy: policy, now: now))
    } catch {
      return .failure(error)
    }
  }
}
