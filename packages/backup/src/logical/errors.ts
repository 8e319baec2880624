import { defineErrors } from '@exprsn/core'

/** What goes wrong when the rows of tables are exported and imported. No value of a row is ever part of a message of ours. */
export const logicalErrors = defineErrors({
  BACKUP_EXPORT_OPTION_INVALID: {
    message: 'The option {option} is wrong: {reason}.',
    help: 'Correct the named option.',
    status: 400,
  },
  BACKUP_EXPORT_TABLE_UNKNOWN: {
    message: 'There is no table {table} with rows of its own on {server}.',
    help: 'Check name, schema and database. Views and foreign tables hold no rows, and of a partitioned table the partitions do.',
    status: 404,
  },
  BACKUP_EXPORT_COLUMN_UNKNOWN: {
    message: 'The table {table} has no column {column} that holds data of its own.',
    help: 'Correct `columns` or `mask`. Generated columns are computed again at the import and cannot be named.',
    status: 400,
  },
  BACKUP_EXPORT_FILTER_INVALID: {
    message: 'PostgreSQL does not accept the filter of {table}: {reason}.',
    help: 'Correct `where`: it is what stands behind WHERE in a query of this one table.',
    status: 400,
  },
  BACKUP_EXPORT_MASK_INVALID: {
    message: 'The mask of {table}.{column} does not fit: {reason}.',
    help: 'Choose another kind of mask for this column; a function fits every type.',
    status: 400,
  },
  BACKUP_EXPORT_MASK_FAILED: {
    message: 'The mask of {table}.{column} has failed on row {row} of part {part}.',
    help: 'Correct the function: the cause is what it threw. Call again: what is stored already is not done again.',
  },
  BACKUP_EXPORT_NOT_ALLOWED: {
    message: 'PostgreSQL lets "{table}" not be read whole: {reason}.',
    help: 'Export as a role with SELECT on the table, and with BYPASSRLS where row-level security would hide rows.',
  },
  BACKUP_EXPORT_SNAPSHOT_GONE: {
    message: 'The snapshot {snapshot} cannot be used: {reason}.',
    help: 'The session that exported it has to stay open in its transaction, in the same database, until the export has ended.',
  },
  BACKUP_EXPORT_LOCKED: {
    message: 'The table {table} is wanted by a command that changes it, so it cannot be read now.',
    help: 'Let ALTER, TRUNCATE, VACUUM FULL or the like finish, then call again: what is stored already is not done again.',
    retryable: true,
  },
  BACKUP_EXPORT_EXISTS: {
    message: 'There is a finished export under "{prefix}" already.',
    help: 'Choose another prefix, for example one with the date.',
    status: 409,
  },
  BACKUP_EXPORT_UNFINISHED: {
    message: 'There is an unfinished export under "{prefix}".',
    help: 'Leave `resume` out to go on with it, or choose another prefix.',
    status: 409,
  },
  BACKUP_EXPORT_DIFFERS: {
    message: 'The unfinished export under "{prefix}" was begun with other options: {reason}.',
    help: 'Go on with the options it was begun with, or choose another prefix.',
    status: 409,
  },
  BACKUP_EXPORT_MISSING: {
    message: 'There is no finished export under "{prefix}".',
    help: 'Check store and prefix. An export that was cut off is finished by calling exportTables again with the same options.',
    status: 404,
  },
  BACKUP_EXPORT_DAMAGED: {
    message: 'The export is damaged at {key}: {reason}.',
    help: 'Take the object from a replica of the store, or export again. Nothing of this part was imported.',
  },
  BACKUP_EXPORT_ROWS_DIFFER: {
    message: 'PostgreSQL counted {counted} rows of {table}, and {received} have come.',
    help: 'Export again. Something between here and the server changes what is sent; connect without it.',
  },
  BACKUP_IMPORT_TABLE_MISSING: {
    message: 'The table {table} is not on {server}.',
    help: 'Create it first: with your migrations, or with `pgRestore` from a dump of the schema.',
    status: 404,
  },
  BACKUP_IMPORT_COLUMN_MISSING: {
    message: 'The table {table} on {server} has no column {column} that takes data.',
    help: 'Bring the table to the version that was exported, or export without this column.',
    status: 409,
  },
  BACKUP_IMPORT_NOT_EMPTY: {
    message: 'The table {table} on {server} has rows already, so nothing was imported.',
    help: "Import into empty tables, or pass `existing: 'keep'` or `existing: 'truncate'`.",
    status: 409,
  },
  BACKUP_IMPORT_NOT_ALLOWED: {
    message: 'PostgreSQL does not let "{table}" be filled: {reason}.',
    help: 'Import as the owner of the tables, or as a role with INSERT on them and CREATE on the schema of `ledger`.',
  },
  BACKUP_IMPORT_ROW_REFUSED: {
    message: 'PostgreSQL refused a row of {table} in {key}: {reason}.',
    help: 'Correct the target (a stricter constraint, a missing row that is referred to, a trigger) or the export, then call again: parts that are in are not imported twice.',
  },
  BACKUP_IMPORT_ROWS_DIFFER: {
    message: 'Of {table}, {expected} rows were exported and {counted} were taken by PostgreSQL.',
    help: 'Look for a trigger or rule on the target that leaves rows out.',
  },
  BACKUP_IMPORT_CONTENT_DIFFERS: {
    message: 'What stands in {table} after the import is not what was exported.',
    help: 'Look for a trigger or a type on the target that changes values, and import into empty tables that nobody else writes.',
  },
  BACKUP_DUMP_PROGRAM_MISSING: {
    message: 'There is no {program} of PostgreSQL {major} or newer on this machine.',
    help: 'Install the package postgresql-client of that version, or pass `binFolder`. exportTables needs no programs.',
  },
  BACKUP_DUMP_VERSION_MISMATCH: {
    message: '{program} is of version {version}, and the server of version {server} needs at least that.',
    help: 'Install the client programs of the version of the server, or a newer one.',
  },
  BACKUP_DUMP_FAILED: {
    message: '{program} has failed: {reason}.',
    help: 'The reason is what the program said. The files that it had begun are not complete.',
  },
  BACKUP_DUMP_EXISTS: {
    message: 'There is something at {path} already.',
    help: 'Choose another place: a dump never overwrites.',
    status: 409,
  },
  BACKUP_DUMP_UNREADABLE: {
    message: '{path} is no dump that pg_restore reads: {reason}.',
    help: 'Pass a file of the custom format or a folder of the directory format, written by the same or an older version.',
    status: 400,
  },
})
