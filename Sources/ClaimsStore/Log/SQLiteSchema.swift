import GRDB

/// The tables of the log.
///
/// `change` is the log itself, `newest` and `history` follow it (``SQLiteFold``), `activation` is written with it. `reader` holds the cursors, `operator` the operators'
/// tokens, `seal` a hash over both and which tokens were given up. Later versions are added to the migrator, never edited in place.
enum SQLiteSchema {
  /// Whether a database is a log, of this version or another.
  static func isThere(_ db: Database) throws -> Bool { try db.tableExists("change") && db.tableExists("newest") }

  static func migrate(_ database: some DatabaseWriter) throws {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { try $0.execute(sql: version1) }
    migrator.registerMigration("2") { try $0.execute(sql: version2) }
    migrator.registerMigration("3") { db in
      try db.execute(sql: version3)
      try SQLiteSeal.renew(db)
    }
    migrator.registerMigration("4") { db in
      try db.execute(sql: version4)
      try SQLiteSeal.renew(db)
    }
    migrator.registerMigration("5") { try $0.execute(sql: version5) }
    // An older program would not keep up what a later version needs.
    guard try !database.read(migrator.hasBeenSuperseded) else {
      throw StoreError(
        .unusableDirectory, "the change log was written by a later version of nats-claims: start that version, or a later one")
    }
    try migrator.migrate(database)
  }

  private static let version1 = """
    CREATE TABLE change (
      sequence INTEGER PRIMARY KEY,
      time INTEGER NOT NULL,
      kind INTEGER NOT NULL,
      subject BLOB NOT NULL,
      token BLOB,
      digest BLOB NOT NULL,
      jti TEXT NOT NULL,
      iat INTEGER NOT NULL,
      generation INTEGER NOT NULL,
      expires INTEGER NOT NULL,
      issuer TEXT NOT NULL,
      actor TEXT NOT NULL,
      chain BLOB NOT NULL
    );
    CREATE INDEX change_subject ON change (subject, sequence);
    CREATE TABLE newest (
      subject BLOB PRIMARY KEY,
      sequence INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE reader (
      name TEXT PRIMARY KEY,
      sequence INTEGER NOT NULL
    ) WITHOUT ROWID;
    """

  /// Owners of accounts; the start without tokens; operators.
  private static let version2 = """
    ALTER TABLE change ADD COLUMN owner TEXT NOT NULL DEFAULT '';
    ALTER TABLE newest RENAME TO newest_1;
    CREATE TABLE newest (
      subject BLOB PRIMARY KEY,
      sequence INTEGER NOT NULL,
      time INTEGER NOT NULL,
      kind INTEGER NOT NULL,
      digest BLOB NOT NULL,
      iat INTEGER NOT NULL,
      generation INTEGER NOT NULL,
      expires INTEGER NOT NULL,
      issuer TEXT NOT NULL,
      owner TEXT NOT NULL,
      size INTEGER NOT NULL
    ) WITHOUT ROWID;
    INSERT INTO newest
      SELECT subject, sequence, time, kind, digest, iat, generation, expires, issuer, owner, length(token)
      FROM change WHERE sequence IN (SELECT sequence FROM newest_1);
    DROP TABLE newest_1;
    CREATE TABLE operator (
      key TEXT PRIMARY KEY,
      position INTEGER,
      iat INTEGER NOT NULL,
      token BLOB NOT NULL
    ) WITHOUT ROWID;
    """

  /// Retention finds old tombstones by their time; what lies beside the log is sealed.
  private static let version3 = """
    CREATE INDEX change_tombstone ON change (time) WHERE kind = 3 AND token IS NOT NULL;
    CREATE TABLE seal (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      given_up INTEGER NOT NULL,
      given_up_sum INTEGER NOT NULL,
      digest BLOB NOT NULL
    );
    INSERT INTO seal SELECT 1, COUNT(*), COALESCE(SUM(sequence), 0), x'' FROM change WHERE token IS NULL;
    """

  /// The newest changes, and which records are of which account, follow the log; until here they were written with it.
  private static let version4 = """
    CREATE TABLE history (
      account BLOB NOT NULL,
      record INTEGER NOT NULL,
      PRIMARY KEY (account, record)
    ) WITHOUT ROWID;
    INSERT INTO history SELECT subject, sequence FROM change ORDER BY subject, sequence;
    DROP INDEX change_subject;
    INSERT OR REPLACE INTO reader SELECT 'fold', COALESCE(MAX(sequence), 0) FROM change;
    """

  /// Which records are of which activation. Written with the records: activations are few.
  private static let version5 = """
    CREATE TABLE activation (
      hash TEXT NOT NULL,
      record INTEGER NOT NULL,
      PRIMARY KEY (hash, record)
    ) WITHOUT ROWID;
    """
}
