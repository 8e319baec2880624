import { chown, copyFile, glob, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { systemDisk } from '@exprsn/core/disk'
import {
  freePort,
  makeServerFolder,
  serverFolderPath,
  serverUser,
  startServerProcess,
  startWatchdog,
  type PostgresServerConnection,
} from '@exprsn/backup/server'
import { unpackedFolder } from './oracles.ts'
import { untilReady, type TemporaryServer } from './temporary-server.ts'

/** Options of {@link startPgBouncer}. */
export interface StartPgBouncerOptions {
  /** Path of `pgbouncer`, from `requireOracle(context, 'pgbouncer')`. */
  readonly program: string
  /** The server behind it, which trusts its connections. */
  readonly server: PostgresServerConnection
  /** Connections to the server, which all clients share, a transaction at a time. @default 5 */
  readonly poolSize?: number | undefined
}

/** A running PgBouncer, which does not outlive this process. */
export interface PgBouncer extends TemporaryServer {
  /** How clients connect. */
  readonly connection: PostgresServerConnection
}

/**
 * Starts PgBouncer in transaction mode: each transaction of a client may run on another connection of the server, so
 * that what a session keeps (listening, advisory locks of the session, prepared statements, settings) is not there.
 */
export async function startPgBouncer({ program, server, poolSize = 5 }: StartPgBouncerOptions): Promise<PgBouncer> {
  const folder = serverFolderPath('postgres')
  const user = await serverUser(systemDisk)
  const watchdog = startWatchdog([folder])
  const port = await freePort()
  const settings = join(folder, 'pgbouncer.ini')
  await makeServerFolder(systemDisk, folder, user)
  await writeFile(
    settings,
    `[databases]
* = host=${server.host} port=${server.port} user=${server.user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 500
`,
  )
  if (user !== undefined) await chown(settings, user.userId, user.groupId)
  await copyProgram(program, folder)
  const bouncer = startServerProcess({
    program: '/usr/bin/env',
    programArguments: [`LD_LIBRARY_PATH=${folder}`, join(folder, 'pgbouncer'), settings],
    cwd: folder,
    user,
    watchdog,
    readyLine: /process up/,
  })
  const started = await untilReady('PgBouncer', bouncer, { folder, watchdog })
  return { ...started, connection: { ...server, host: '127.0.0.1', port } }
}

/** To where the server's user may read it, with the libraries that were unpacked beside it. */
async function copyProgram(program: string, folder: string): Promise<void> {
  await copyFile(program, join(folder, 'pgbouncer'))
  if (!program.startsWith(unpackedFolder('pgbouncer'))) return
  for await (const library of glob(join(unpackedFolder('pgbouncer'), 'usr/lib/*/*.so*')))
    await copyFile(library, join(folder, basename(library)))
}
