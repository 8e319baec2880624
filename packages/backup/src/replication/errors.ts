import { defineErrors } from '@exprsn/core'

/** What goes wrong between us and a PostgreSQL server. Passwords and connection strings are never part of a message. */
export const postgresErrors = defineErrors({
  BACKUP_POSTGRES_CONNECTION_INVALID: {
    message: 'The PostgreSQL connection cannot be used: {reason}.',
    help: 'Pass { host, port, user, password, database } or a connectionString such as postgres://user@host:5432/database.',
    status: 400,
  },
  BACKUP_POSTGRES_DRIVER_MISSING: {
    message: 'The npm package "pg" could not be loaded: {reason}.',
    help: 'Install it in your application with `npm i pg`, or pass the module in the option `pg`.',
  },
  BACKUP_POSTGRES_LSN_INVALID: {
    message: '"{value}" is not a log sequence number.',
    help: "Use PostgreSQL's own form: two hexadecimal numbers with a slash between, such as 16/B374D848.",
    status: 400,
  },
  BACKUP_POSTGRES_LOGIN_REFUSED: {
    message: 'PostgreSQL at {server} refused the login of "{user}": {reason}.',
    help: 'Check the user name and the password, and that pg_hba.conf accepts this way of logging in.',
  },
  BACKUP_POSTGRES_NOT_ALLOWED: {
    message: 'PostgreSQL at {server} does not let "{user}" in from here: {reason}.',
    help: 'Add a line to pg_hba.conf for this address; base backups and WAL need one for the database "replication".',
  },
  BACKUP_POSTGRES_NO_REPLICATION: {
    message: 'PostgreSQL at {server} says that "{user}" lacks a privilege: {reason}.',
    help: 'Run as a superuser: ALTER ROLE <user> WITH REPLICATION.',
  },
  BACKUP_POSTGRES_UNREACHABLE: {
    message: 'PostgreSQL at {server} cannot be reached: {reason}.',
    help: 'Check host and port, that the server runs and listens there, and that no firewall stands between.',
    retryable: true,
  },
  BACKUP_POSTGRES_STARTING: {
    message: 'PostgreSQL at {server} does not accept connections now: {reason}.',
    help: 'Wait until it has started or stopped, then try again.',
    retryable: true,
  },
  BACKUP_POSTGRES_CONNECTION_LOST: {
    message: 'The connection to PostgreSQL at {server} was lost: {reason}.',
    help: 'Try again; if it keeps happening, look at the server log and the network between.',
    retryable: true,
  },
  BACKUP_POSTGRES_DATABASE_UNKNOWN: {
    message: 'PostgreSQL at {server} has no such database: {reason}.',
    help: 'Create the database or name another one in the connection.',
  },
  BACKUP_POSTGRES_VERSION_UNSUPPORTED: {
    message: 'PostgreSQL at {server} is version {version}; physical backup needs 15 or newer.',
    help: 'Upgrade the server, or use the backup tools of its own version.',
  },
  BACKUP_POSTGRES_WAL_LEVEL: {
    message: 'PostgreSQL at {server} writes too little into its log for a backup: {reason}.',
    help: 'Set wal_level = replica (the default) and max_wal_senders = 10 in postgresql.conf, then restart the server.',
  },
  BACKUP_POSTGRES_NO_FREE_SENDER: {
    message: 'PostgreSQL at {server} has no free connection for us: {reason}.',
    help: 'Stop an unused standby or receiver, or raise max_wal_senders or max_connections and restart the server.',
    retryable: true,
  },
  BACKUP_POSTGRES_NO_FREE_SLOT: {
    message: 'PostgreSQL at {server} has no free replication slot: {reason}.',
    help: 'Drop an unused slot (see pg_replication_slots), or raise max_replication_slots and restart the server.',
  },
  BACKUP_POSTGRES_SLOT_ACTIVE: {
    message: 'The replication slot at {server} is in use: {reason}.',
    help: 'Stop the other receiver, or give this one a slot of its own.',
    retryable: true,
  },
  BACKUP_POSTGRES_SLOT_MISSING: {
    message: 'The replication slot does not exist at {server}: {reason}.',
    help: 'Set createSlot to true, or create it with pg_create_physical_replication_slot.',
  },
  BACKUP_POSTGRES_SLOT_INVALID: {
    message: 'The replication slot "{slot}" at {server} cannot be used: {reason}.',
    help: 'Drop the slot, let it be created again, and take a new base backup: WAL between was lost.',
  },
  BACKUP_POSTGRES_WAL_REMOVED: {
    message: 'PostgreSQL at {server} no longer has WAL that is needed: {reason}.',
    help: 'Take a new base backup; keep a slot, and watch max_slot_wal_keep_size, so that WAL is kept until received.',
  },
  BACKUP_POSTGRES_LOCALE_MISSING: {
    message: 'The machine of PostgreSQL at {server} lacks a locale that a database was made with: {reason}.',
    help: 'Create the locale there (locale-gen or localedef, as on the machine that the cluster comes from), then start the server again.',
  },
  BACKUP_POSTGRES_EXTENSION_MISSING: {
    message: 'The machine of PostgreSQL at {server} lacks an extension that a database uses: {reason}.',
    help: "Install the extension's package for this major version there; a restore needs what the original server had.",
  },
  BACKUP_POSTGRES_REFUSED: {
    message: 'PostgreSQL at {server} refused a command: {reason}.',
    help: 'Read the reason; the SQLSTATE stands in the details under "sqlState".',
  },
  BACKUP_POSTGRES_PROTOCOL: {
    message: 'The server sent something that is not part of the protocol: {reason}.',
    help: 'Check what stands between us and the server (a proxy, a pooler); connect to PostgreSQL directly.',
  },
})
