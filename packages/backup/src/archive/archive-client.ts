import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { readFile, systemDisk, type Disk } from '@exprsn/core/disk'
import { archiveErrors } from './errors.ts'

/** Options of {@link pushWal} and {@link fetchWal}. */
export interface ArchiveClientOptions {
  /** `unix:<path>` or `http://127.0.0.1:<port>`: the `address` of an archive server. */
  readonly address: string
  /** The server's token. @default none */
  readonly token?: string | undefined
  /** @default systemDisk */
  readonly disk?: Disk | undefined
  /** Ends the transfer. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Archives a file; resolves when the server says that it is durable, and that it has the same content.
 *
 * @throws `BACKUP_ARCHIVE_UNREACHABLE`, `BACKUP_ARCHIVE_REFUSED`, `CORE_DISK_*`
 * @example
 * ```ts no-run
 * import { pushWal } from '@exprsn/backup/archive'
 *
 * await pushWal('pg_wal/000000010000000000000003', '000000010000000000000003', { address: 'unix:/run/app/wal.sock' })
 * ```
 */
export async function pushWal(path: string, name: string, options: ArchiveClientOptions): Promise<void> {
  const bytes = await readFile(options.disk ?? systemDisk, path)
  const { status, body } = await exchange('PUT', name, options, bytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (status !== 201) throw refused(name, status, body)
  if (!body.toString().includes(`"${sha256}"`))
    throw archiveErrors.BACKUP_ARCHIVE_REFUSED({ name, reason: 'another content has arrived than was sent' })
}

/**
 * Fetches a file into a path. Nothing is written when it is not there, which is how a recovery learns where the log ends.
 *
 * @returns Whether it was there.
 * @throws `BACKUP_ARCHIVE_UNREACHABLE`, `BACKUP_ARCHIVE_REFUSED`, `CORE_DISK_*`: recovery must not go on then.
 * @example
 * ```ts no-run
 * import { fetchWal } from '@exprsn/backup/archive'
 *
 * const address = 'unix:/run/app/wal.sock'
 * console.log(await fetchWal('000000010000000000000003', 'pg_wal/RECOVERYXLOG', { address }))
 * ```
 */
export async function fetchWal(name: string, path: string, options: ArchiveClientOptions): Promise<boolean> {
  const { disk = systemDisk } = options
  const { status, body } = await exchange('GET', name, options)
  if (status === 404 && body.includes('BACKUP_ARCHIVE_NOT_FOUND')) return false
  if (status !== 200) throw refused(name, status, body)
  const file = await disk.open(path, 'truncate')
  try {
    await file.write(body, 0)
  } finally {
    await file.close()
  }
  return true
}

interface Answer {
  readonly status: number
  readonly body: Buffer
}

function exchange(
  method: 'GET' | 'PUT',
  name: string,
  options: ArchiveClientOptions,
  sent?: Uint8Array,
): Promise<Answer> {
  const { address, token, signal } = options
  const unreachable = (reason: string, cause?: unknown) =>
    archiveErrors.BACKUP_ARCHIVE_UNREACHABLE({ address, reason }, { cause })
  const place = address.startsWith('unix:') ? { socketPath: address.slice(5) } : hostOf(address)
  if (place === undefined) return Promise.reject(unreachable('it is neither unix:<path> nor http://<host>:<port>'))
  return new Promise((resolve, reject) => {
    const asked = request({
      ...place,
      ...{ method, path: `/wal/${encodeURIComponent(name)}`, signal, agent: false },
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(sent === undefined ? {} : { 'content-length': sent.length, 'content-type': 'application/octet-stream' }),
      },
    })
    asked.on('error', (error) => reject(signal?.aborted === true ? signal.reason : unreachable(error.message, error)))
    asked.on('response', (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('error', (error) => reject(unreachable(error.message, error)))
      response.on('end', () => {
        if (response.complete) resolve({ status: response.statusCode ?? 0, body: Buffer.concat(pieces) })
        else reject(unreachable('the answer was cut'))
      })
    })
    asked.end(sent)
  })
}

function hostOf(address: string): { readonly host: string; readonly port: number } | undefined {
  const match = /^http:\/\/([\w.-]+|\[[\da-f:]+\]):(\d+)\/?$/i.exec(address)
  return match === null ? undefined : { host: match[1]!.replace(/^\[|\]$/g, ''), port: Number(match[2]) }
}

function refused(name: string, status: number, body: Buffer) {
  const said = /"detail":("(?:[^"\\]|\\.)*")/.exec(body.toString('utf8', 0, 4_096))?.[1]
  const reason = said === undefined ? `status ${status}` : String(JSON.parse(said))
  return archiveErrors.BACKUP_ARCHIVE_REFUSED({ name, reason: reason.replace(/\.$/, '') })
}
