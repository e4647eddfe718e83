import ClaimsStore

/// What is done about the directory's files when others change them: guarded against, or followed.
protocol FileJudge: Sendable {
  /// The names of files and accounts that do not look as they were left, among all of them.
  ///
  /// - Throws: ``FileError`` when the directory cannot be listed.
  func suspects() async throws -> Set<String>

  /// Looks at the files of one name and does what is to be done.
  ///
  /// - Parameters:
  ///   - name: a file's name without `.jwt`.
  ///   - isStart: whether the server has just started: what lay there before is left where it is.
  /// - Returns: whether to look again in a moment, because what was seen may be half of a change.
  func look(at name: String, isStart: Bool) async -> Bool
}

/// What was seen at a path: enough to tell whether it is still the same.
struct FileSight: Sendable, Hashable {
  let size: Int64
  let modified: Int64

  init(_ status: FileStatus?) {
    size = status?.size ?? -1
    modified = status?.modified ?? -1
  }
}
