import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgresConnector } from '@exprsn/backup/drivers/postgres'
import { findPostgres, startPostgres, type PostgresInstallation, type PostgresServer } from '@exprsn/backup/server'
import { mustCapture } from '../../../../scripts/lib/must-capture.ts'

/** What both sides are told, so that they do the same work. */
export const backupSettings = { checkpoint: 'fast', checksums: 'CRC32C' } as const

const rows = 620_000
const settings = {
  ...{ wal_level: 'replica', max_wal_senders: '4', max_wal_size: '4GB', fsync: 'off' },
  // Nothing but the backups may touch the files while they are compared.
  autovacuum: 'off',
}

/** How both clients reach the server. */
export type Transport = 'tcp' | 'socket'

/** The newest PostgreSQL of this machine that comes with `pg_basebackup`; the npm binaries have only the server. */
export async function installationWithPeer(): Promise<PostgresInstallation | undefined> {
  const installations = await findPostgres()
  return installations.find(({ binFolder }) => existsSync(join(binFolder, 'pg_basebackup')))
}

/** Starts a server with about 700 MB of data, at rest. */
export async function startFilledServer(listen: Transport): Promise<PostgresServer> {
  const server = await startPostgres({ installation: await installationWithPeer(), settings, listen })
  try {
    const sql = await postgresConnector({ ...server.connection }).sql()
    try {
      await sql.query(`create table filler as
        select number, repeat(md5(number::text), 30) as body from generate_series(1, ${rows}) as number`)
      await sql.query('vacuum (freeze, analyze) filler')
      await sql.query('checkpoint')
    } finally {
      await sql.close()
    }
    return server
  } catch (error) {
    await server.stop()
    throw error
  }
}

/** One file of a manifest, as both sides are compared by it. */
export interface ComparedFile {
  readonly path: string
  readonly size: number
  readonly checksum: string
}

/** Digest of the database files; the server's own bookkeeping outside `base/` changes with every backup. */
export function answerHash(files: readonly ComparedFile[]): string {
  const lines = files
    .filter(({ path }) => path.startsWith('base/') && !path.endsWith('pg_internal.init'))
    .map(({ path, size, checksum }) => `${path} ${size} ${checksum.toLowerCase()}`)
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex')
}

/** The command line of the peer. */
export function peerCommand({ connection, installation }: PostgresServer, target: readonly string[]): string[] {
  const { host, port, user } = connection
  return [
    ...[join(installation.binFolder, 'pg_basebackup'), '-h', host, '-p', String(port), '-U', user, '--wal-method=none'],
    ...[`--checkpoint=${backupSettings.checkpoint}`, `--manifest-checksums=${backupSettings.checksums}`, ...target],
  ]
}

/** What the peer's backup contains, from the manifest that it writes into a folder. */
export async function peerAnswer(server: PostgresServer): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'exprsn-bench-'))
  try {
    const [command, ...args] = peerCommand(server, ['--format=plain', '--no-sync', '-D', join(folder, 'backup')])
    await mustCapture(command!, args)
    const manifest = JSON.parse(readFileSync(join(folder, 'backup', 'backup_manifest'), 'utf8')) as PeerManifest
    return answerHash(
      manifest.Files.map((file) => ({ path: file.Path ?? '', size: file.Size, checksum: file.Checksum })),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface PeerManifest {
  readonly Files: readonly { readonly Path?: string; readonly Size: number; readonly Checksum: string }[]
}
