import { createServer, type Server } from 'node:http'
import { toNodeHandler } from '@exprsn/core/http'
import { silentLogger, type Logger } from '@exprsn/core'
import { systemDisk, type Disk } from '@exprsn/core/disk'
import { createArchiveHandler, type ArchiveHandlerOptions } from './archive-handler.ts'
import { archiveErrors } from './errors.ts'

/** Options of {@link createArchiveServer}. */
export interface ArchiveServerOptions extends ArchiveHandlerOptions {
  /**
   * Where PostgreSQL reaches it: a Unix socket, or a port of this machine alone (0: any free one), which needs a `token`, since every
   * program of the machine can connect.
   */
  readonly listen: { readonly socket: string } | { readonly port: number }
  /** Who may open the socket: its permissions. The user that PostgreSQL runs as must be able to. @default 0o660 */
  readonly socketMode?: number | undefined
  /** @default systemDisk */
  readonly disk?: Disk | undefined
  /** @default silentLogger */
  readonly logger?: Logger | undefined
}

/** A server that PostgreSQL archives into. */
export interface ArchiveServer {
  /** Begins to listen. */
  start(): Promise<void>
  /** `unix:/run/app/wal.sock` or `http://127.0.0.1:5433`, as the programs take it; known once it listens. */
  readonly address: string
  /** Finishes what has begun, and stops. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Takes what PostgreSQL archives, inside the host's own process: set `archive_command = 'exprsn-wal push %p %f'` and
 * `restore_command = 'exprsn-wal fetch %f %p'` with the address in `EXPRSN_WAL_ADDRESS` or as `--address`. A file counts as
 * archived when the store has made it durable, and not before. A log that is received through the replication protocol
 * (`postgresSource`) needs none of this.
 *
 * @throws `BACKUP_ARCHIVE_OPTION_INVALID`
 * @example
 * ```ts no-run
 * import { createArchiveServer } from '@exprsn/backup/archive'
 * import { folderStore } from '@exprsn/core/storage'
 *
 * const store = folderStore({ path: '/var/backups/wal' })
 * await using server = createArchiveServer({ store, prefix: 'main', listen: { socket: '/run/app/wal.sock' } })
 * await server.start()
 * console.log(server.address)
 * ```
 */
export function createArchiveServer(options: ArchiveServerOptions): ArchiveServer {
  const { listen, token, socketMode = 0o660, disk = systemDisk, logger = silentLogger } = options
  if ('port' in listen && token === undefined)
    throw archiveErrors.BACKUP_ARCHIVE_OPTION_INVALID({ option: 'token', reason: 'a port needs one' })
  const handler = toNodeHandler(createArchiveHandler(options), { logger })
  let server: Server | undefined
  let address = ''
  const close = async (): Promise<void> => {
    const open = server
    server = undefined
    if (open === undefined) return
    open.closeIdleConnections()
    await new Promise<void>((resolve) => open.close(() => resolve()))
  }
  return {
    get address() {
      return address
    },
    async start() {
      if (server !== undefined) return
      server = createServer(handler)
      if ('socket' in listen) await removeDeadSocket(disk, listen.socket)
      await listening(server, listen)
      if ('socket' in listen) await disk.setMode(listen.socket, socketMode)
      const bound = server.address()
      address =
        'socket' in listen
          ? `unix:${listen.socket}`
          : `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : listen.port}`
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function listening(server: Server, listen: ArchiveServerOptions['listen']): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const failed = (error: Error): void =>
      reject(archiveErrors.BACKUP_ARCHIVE_OPTION_INVALID({ option: 'listen', reason: error.message }, { cause: error }))
    server.once('error', failed)
    const done = (): void => {
      server.off('error', failed)
      resolve()
    }
    if ('socket' in listen) server.listen(listen.socket, done)
    else server.listen(listen.port, '127.0.0.1', done)
  })
}

/** What a killed process left behind keeps nobody from listening; a socket that answers belongs to somebody. */
async function removeDeadSocket(disk: Disk, path: string): Promise<void> {
  const { connect } = await import('node:net')
  const answers = await new Promise<boolean | undefined>((resolve) => {
    const probe = connect(path)
    probe.once('connect', () => (probe.destroy(), resolve(true)))
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED' ? false : undefined))
  })
  if (answers === false) await disk.removeFile(path)
}
