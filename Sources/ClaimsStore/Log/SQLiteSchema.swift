import GRDB

/// The tables of the log.
///
/// `change` is the log itself. `newest` names the newest record of every account, so that the start reads one row an account. `reader` holds
/// the cursors. Version 1; later versions are added to the migrator, never edited in place.
enum SQLiteSchema {
  static func migrate(_ database: some DatabaseWriter) throws {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { db in
      try db.execute(
        sql: """
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
          """)
    }
    try migrator.migrate(database)
  }
}
