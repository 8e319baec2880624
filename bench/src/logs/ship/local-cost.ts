import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createShipper, type Sink } from '@exprsn/logs'
import { ours, type Benchmark } from '../../../../scripts/bench/benchmark.ts'
import { buildOnce } from '../../../../scripts/bench/build-once.ts'
import { measureNode } from '../../../../scripts/bench/child-process.ts'
import { npmPeer } from './peers.ts'

/** What both sides promise of a line. */
export type LocalMode = 'line' | 'buffered'

/** How a row is set up. */
export interface LocalCost {
  readonly name: string
  readonly durability: LocalMode
  /** Lines per turn of the loop: 100 is a burst, 2 a server. */
  readonly linesPerTick: number
  readonly target: number
}

const script = fileURLToPath(new URL('log-lines.ts', import.meta.url))

/**
 * CPU for a line through pino into our log, against pino's file destination with the same guarantee. Each round of each
 * side is a process of its own that runs what users install: a service has one of them, and what a second one does to the
 * machine code of the first is nobody's cost.
 */
export function localCost({ name, durability, linesPerTick, target }: LocalCost): Benchmark {
  const peer = npmPeer('pino', durability === 'line' ? 'pino.destination sync' : 'pino.destination async')
  return {
    name,
    unit: 'µs/line',
    measure: 'cpu',
    better: 'lower',
    target,
    peers: [peer],
    async prepare({ quick }) {
      await buildOnce('core', 'logs')
      const lines = quick ? 100_000 : 400_000
      return {
        async run(subject) {
          const folder = mkdtempSync(join(tmpdir(), 'exprsn-bench-logs-'))
          try {
            const args = [folder, subject === ours ? 'ours' : 'pino', durability, `${lines}`, `${linesPerTick}`]
            const { stdout } = await measureNode(script, args, { built: true })
            const answer = subject === ours ? await ourAnswer(folder) : pinoAnswer(folder)
            return { value: Number(stdout), hash: createHash('sha256').update(answer).digest('hex') }
          } finally {
            rmSync(folder, { recursive: true, force: true })
          }
        },
        async close() {},
      }
    },
  }
}

/** Number and sum of what is on the disk. */
async function ourAnswer(folder: string): Promise<string> {
  let count = 0
  let sum = 0
  const sink: Sink = {
    name: 'sum',
    async send({ records }) {
      count += records.length
      for (const { fields } of records) sum += Number(fields.userId)
    },
  }
  const reader = createShipper({ spool: `${folder}/spool`, maxSpool: 2 ** 31, adoptAfter: 0, sinks: [sink] })
  await reader.start()
  await reader.flush()
  await reader.close()
  return `${count} ${sum}`
}

function pinoAnswer(folder: string): string {
  const lines = readFileSync(`${folder}/pino.ndjson`, 'utf8').split('\n').filter(Boolean)
  const sum = lines.reduce((total, line) => total + (JSON.parse(line) as { userId: number }).userId, 0)
  return `${lines.length} ${sum}`
}
