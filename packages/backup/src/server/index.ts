/**
 * Throw-away PostgreSQL servers: found on the machine, started in a second, gone with their process.
 * Restore drills boot the restored cluster with them; they serve tests as well.
 *
 * @packageDocumentation
 */
export { serverErrors } from './errors.ts'
export { freePort } from './free-port.ts'
export { behindGate, openGate, type GatedCommand } from './gate.ts'
export { findPostgres, type FindPostgresOptions, type PostgresInstallation } from './installation.ts'
export type { PostgresServer, PostgresServerConnection, StopPostgresOptions } from './postgres-server.ts'
export { makeServerFolder, serverFolderPath, type ServerKind } from './server-folder.ts'
export { startServerProcess, type ServerExit, type ServerProcess, type ServerProcessOptions } from './server-process.ts'
export { serverUser, type ServerUser } from './server-user.ts'
export { startPostgres, type StartPostgresOptions } from './start-postgres.ts'
export { stopProcess, type StopStep } from './stop-process.ts'
export { sweepServerFolders } from './sweep.ts'
export { startWatchdog, type Watchdog } from './watchdog.ts'
