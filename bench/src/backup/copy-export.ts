import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { ours, type Benchmark, type Peer } from '../../../scripts/bench/benchmark.ts'
import { buildOnce } from '../../../scripts/bench/build-once.ts'
import { measureCommand, measureNode } from '../../../scripts/bench/child-process.ts'
import { installationWithPeer } from './base-backup/cluster.ts'
import { rowsHash, startTables } from './copy/source.ts'

const pgDump: Peer = {
  name: 'pg_dump',
  async available() {
    return (await installationWithPeer()) === undefined ? 'no PostgreSQL with pg_dump is installed' : undefined
  },
  version: async () => (await installationWithPeer())!.version.text,
}

/**
 * The rows of a database as uncompressed COPY text in files that are synced: ours over several connections of one moment, `pg_dump --data-only`
 * over its one. Megabytes per second of the whole process, its start included. Both must give the same rows.
 */
export const benchmark: Benchmark = {
  name: 'backup/copy-export',
  unit: 'MB/s',
  measure: 'wall',
  better: 'higher',
  target: 0.95,
  peers: [pgDump],
  async prepare({ quick }) {
    await buildOnce('core', 'backup')
    const server = await startTables(quick ? 3_000_000 : 10_000_000)
    const { host, port, user, database } = server.connection
    const dump = join(server.installation.binFolder, 'pg_dump')
    const script = fileURLToPath(new URL('copy/ours.ts', import.meta.url))
    return {
      async run(subject) {
        const folder = mkdtempSync(join(tmpdir(), 'exprsn-bench-copy-'))
        try {
          const settings = JSON.stringify({ connection: server.connection, into: folder, compress: 'none' })
          const file = join(folder, 'dump.sql')
          const args = ['-h', host, '-p', String(port), '-U', user, '--data-only', '-f', file, database]
          const { wall } =
            subject === ours ? await measureNode(script, [settings], { built: true }) : await measureCommand(dump, args)
          const { bytes, hash } = subject === ours ? ourAnswer(folder) : await dumpAnswer(file)
          return { value: bytes / 1000 / wall, hash }
        } finally {
          rmSync(folder, { recursive: true, force: true })
        }
      },
      close: () => server.stop(),
    }
  },
}

interface Answer {
  /** Bytes of rows. */
  readonly bytes: number
  readonly hash: string
}

function ourAnswer(folder: string): Answer {
  const rows = rowsHash()
  let bytes = 0
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((each) =>
    each.endsWith('.copy'),
  )) {
    const text = readFileSync(join(folder, name))
    bytes += text.length
    rows.push(text)
  }
  return { bytes, hash: rows.value() }
}

/** The rows between `COPY … FROM stdin;` and `\.`. */
async function dumpAnswer(file: string): Promise<Answer> {
  const rows = rowsHash()
  let bytes = 0
  let inside = false
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (inside && line === String.raw`\.`) inside = false
    else if (inside) {
      const text = Buffer.from(`${line}\n`)
      bytes += text.length
      rows.push(text)
    } else inside = line.startsWith('COPY ')
  }
  return { bytes, hash: rows.value() }
}
