import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
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
 * over its one. Megabytes per second of the whole process, its start included. That both give the same rows is looked at once, row by row;
 * then every round has to give as many bytes as that one.
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
    const server = await startTables(quick ? 2_000_000 : 5_000_000)
    const { host, port, user, database } = server.connection
    const dump = join(server.installation.binFolder, 'pg_dump')
    const script = fileURLToPath(new URL('copy/ours.mjs', import.meta.url))
    const exportOnce = async <Result>(subject: string, look: (folder: string) => Result | Promise<Result>) => {
      const folder = mkdtempSync(join(tmpdir(), 'exprsn-bench-copy-'))
      try {
        const settings = JSON.stringify({ connection: server.connection, into: folder, compress: 'none' })
        const args = ['-h', host, '-p', String(port), '-U', user, '--data-only', '-f', dumpIn(folder), database]
        const { wall } =
          subject === ours ? await measureNode(script, [settings], { built: true }) : await measureCommand(dump, args)
        return { wall, seen: await look(folder) }
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    }
    const answers = new Map<string, Answer>()
    try {
      for (const subject of [ours, pgDump.name])
        answers.set(subject, (await exportOnce(subject, subject === ours ? ourAnswer : dumpAnswer)).seen)
    } catch (error) {
      await server.stop()
      throw error
    }
    return {
      async run(subject) {
        const { bytes, stored, hash } = answers.get(subject)!
        const { wall, seen } = await exportOnce(subject, (folder) => storedBytes(folder))
        return { value: bytes / 1000 / wall, hash: seen === stored ? hash : `${seen} bytes instead of ${stored}` }
      },
      close: () => server.stop(),
    }
  },
}

interface Answer {
  /** Bytes of rows. */
  readonly bytes: number
  /** Bytes of the files that they stand in. */
  readonly stored: number
  readonly hash: string
}

function dumpIn(folder: string): string {
  return join(folder, 'dump.sql')
}

function filesWithRows(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => /\.(copy|sql)$/.test(name)).map((name) => join(folder, name))
}

function storedBytes(folder: string): number {
  return filesWithRows(folder).reduce((sum, path) => sum + statSync(path).size, 0)
}

function ourAnswer(folder: string): Answer {
  const rows = rowsHash()
  let bytes = 0
  for (const path of filesWithRows(folder)) {
    const text = readFileSync(path)
    bytes += text.length
    rows.push(text)
  }
  return { bytes, stored: storedBytes(folder), hash: rows.value() }
}

/** The rows between `COPY … FROM stdin;` and `\.`. */
async function dumpAnswer(folder: string): Promise<Answer> {
  const rows = rowsHash()
  let bytes = 0
  let inside = false
  for await (const line of createInterface({ input: createReadStream(dumpIn(folder)) })) {
    if (inside && line === String.raw`\.`) inside = false
    else if (inside) {
      const text = Buffer.from(`${line}\n`)
      bytes += text.length
      rows.push(text)
    } else inside = line.startsWith('COPY ')
  }
  return { bytes, stored: storedBytes(folder), hash: rows.value() }
}
