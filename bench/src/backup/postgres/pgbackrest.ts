import { execFileSync, spawnSync } from 'node:child_process'
import { chownSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { PostgresServer } from '@exprsn/backup/server'
import type { Peer } from '../../../../scripts/bench/benchmark.ts'
import { installationWithPeer } from '../base-backup/cluster.ts'

/** The program that most clusters of PostgreSQL are backed up with. It reads the data folder itself. */
export const pgBackRest: Peer = {
  name: 'pgBackRest',
  async available() {
    if (process.platform !== 'linux') return 'processor time of the server is read from /proc'
    if (spawnSync('pgbackrest', ['version']).status !== 0)
      return 'pgBackRest is not installed (Debian package pgbackrest)'
    return (await installationWithPeer()) === undefined ? 'no PostgreSQL of the system is installed' : undefined
  },
  version: async () => execFileSync('pgbackrest', ['version'], { encoding: 'utf8' }).trim().split(' ')[1]!,
}

/** Its work on one repository: the commands that run it, as the user of the server, and the one that the server archives with. */
export interface PgBackRest {
  command(...args: readonly string[]): string[]
  readonly archiveCommand: string
}

/**
 * zstd at its usual level, encrypted, as many processes as ours has threads for packs, and with the log that makes the backup
 * consistent, which the server hands over with `archive_command`: ours receives it.
 */
export function pgBackRestAt(server: PostgresServer, repository: string): PgBackRest {
  const { host, port, user } = server.connection
  const { uid, gid } = statSync(server.dataFolder)
  for (const folder of [repository, `${repository}.lock`, `${repository}.spool`]) {
    mkdirSync(folder, { recursive: true })
    chownSync(folder, uid, gid)
  }
  const settings = {
    ...{ STANZA: 'bench', PG1_PATH: server.dataFolder, PG1_SOCKET_PATH: host, PG1_PORT: port, PG1_USER: user },
    ...{ REPO1_PATH: repository, REPO1_CIPHER_TYPE: 'aes-256-cbc', REPO1_CIPHER_PASS: 'secret' },
    ...{ COMPRESS_TYPE: 'zst', START_FAST: 'y', PROCESS_MAX: 1 },
    ...{ LOG_LEVEL_CONSOLE: 'off', LOG_LEVEL_FILE: 'off', LOG_LEVEL_STDERR: 'error' },
    ...{ LOCK_PATH: `${repository}.lock`, SPOOL_PATH: `${repository}.spool` },
  }
  const program = [
    'env',
    ...Object.entries(settings).map(([name, value]) => `PGBACKREST_${name}=${value}`),
    'pgbackrest',
  ]
  const asServer =
    uid === process.getuid?.() ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--']
  return {
    command: (...args) => [...asServer, ...program, ...args],
    archiveCommand: [...program, 'archive-push', '%p'].join(' '),
  }
}

/** Digest of the database files below a data folder that a backup must bring back as they were. */
export function relationsHash(dataFolder: string): string {
  const script = `cd "$1" && find base -type f ! -name pg_internal.init ! -name 'pgsql_tmp*' | LC_ALL=C sort | xargs sha256sum | sha256sum`
  return execFileSync('sh', ['-c', script, 'sh', join(dataFolder)], { encoding: 'utf8' }).slice(0, 64)
}
