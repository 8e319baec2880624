import { defineErrors } from '@exprsn/core'

/** What goes wrong when a PostgreSQL cluster is kept in a repository. */
export const postgresSourceErrors = defineErrors({
  BACKUP_POSTGRES_OPTION_INVALID: {
    message: 'The option {option} of the PostgreSQL source is wrong: {reason}.',
    help: 'Correct the named option.',
    status: 400,
  },
  BACKUP_POSTGRES_SOURCE_UNBOUND: {
    message: 'A PostgreSQL source keeps more than snapshots of one moment and cannot be used on its own.',
    help: 'Pass it to createBackup in `sources`, and call run and restore there.',
  },
  BACKUP_POSTGRES_SNAPSHOT_UNREADABLE: {
    message: 'Snapshot {snapshot} is no base backup that can be restored: {reason}.',
    help: 'Restore from another snapshot; `check` says whether the repository is damaged.',
  },
  BACKUP_POSTGRES_ARCHIVE_DAMAGED: {
    message: 'The WAL in the repository cannot be used: {reason}.',
    help: 'Run `check` on the repository, and repair it from a replica; then take a new base backup.',
  },
  BACKUP_POSTGRES_CHAIN_BROKEN: {
    message: 'The incremental backup {snapshot} builds on {parent}, which is not in the repository any more.',
    help: 'Restore from another snapshot. Snapshots that others build on must not be removed by hand: forget keeps them.',
  },
  BACKUP_POSTGRES_NO_BACKUP: {
    message: '{source} has no base backup that {target} can be reached from; reachable is {window}.',
    help: 'Choose a point in a window that `recoverable` names, or take a backup first.',
    status: 409,
  },
  BACKUP_POSTGRES_MACHINE_LACKS: {
    message: 'PostgreSQL {version} of this machine cannot run what would be restored: it lacks {missing}.',
    help: "Install the extensions' packages for this major version, create the locales (locale-gen or localedef), or run it on a machine like the original one. Nothing was restored.",
    status: 409,
  },
  BACKUP_POSTGRES_TABLE_MISSING: {
    message: 'There is no table {table} in the backup at that moment.',
    help: 'Check name, schema and database, or choose a moment at which it was there.',
    status: 404,
  },
  BACKUP_POSTGRES_TABLE_EXISTS: {
    message: 'The table {table} exists on the target, so nothing is copied there.',
    help: 'Restore under another name with `as` or into another schema with `schema`, then compare.',
    status: 409,
  },
  BACKUP_POSTGRES_INCREMENTAL_DAMAGED: {
    message: 'The incremental file {path} cannot be put together: {reason}.',
    help: 'Restore from another snapshot, such as the full backup that the chain begins with.',
  },
})
