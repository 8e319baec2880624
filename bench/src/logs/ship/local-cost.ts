import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createShipper, memorySink, type Durability } from '@exprsn/logs'
import { pino, type DestinationStream } from 'pino'
import { ours, type Benchmark } from '../../../../scripts/bench/benchmark.ts'
import { npmPeer } from './peers.ts'

/** How a row is set up. */
export interface LocalCost {
  readonly name: string
  readonly durability: Durability
  /** Lines per turn of the loop: 100 is a burst, 2 a server. */
  readonly linesPerTick: number
  readonly target: number
}

/** pino's own file destination with the same bound: at once, or 64 KiB and 10 ms. */
const destinations = {
  line: { sync: true },
  buffered: { sync: false, minLength: 65_536, maxWrite: 131_072, periodicFlush: 10 },
} as const

/** CPU for a line through pino into our log, against pino's file destination with the same guarantee. */
export function localCost({ name, durability, linesPerTick, target }: LocalCost): Benchmark {
  const mode = durability === 'line' ? 'line' : 'buffered'
  const peer = npmPeer('pino', mode === 'line' ? 'pino.destination sync' : 'pino.destination async')
  return {
    name,
    unit: 'µs/line',
    measure: 'cpu',
    better: 'lower',
    target,
    peers: [peer],
    async prepare({ quick }) {
      const lines = quick ? 100_000 : 400_000
      return {
        async run(subject) {
          const folder = mkdtempSync(join(tmpdir(), 'exprsn-bench-logs-'))
          try {
            const sides = subject === ours ? ourSide(folder, durability) : pinoSide(folder, mode)
            const value = await cost(sides, lines, linesPerTick)
            return {
              value,
              hash: createHash('sha256')
                .update(await sides.answer())
                .digest('hex'),
            }
          } finally {
            rmSync(folder, { recursive: true, force: true })
          }
        },
        async close() {},
      }
    },
  }
}

interface Side {
  readonly stream: DestinationStream
  readonly flush: () => void
  /** Number and sum of what is on the disk. */
  answer(): Promise<string>
}

/** Logging and flushing alone: what happens to the lines afterwards is another row. */
async function cost({ stream, flush }: Side, lines: number, linesPerTick: number): Promise<number> {
  const logger = pino(stream)
  const before = process.cpuUsage()
  for (let index = 0; index < lines;) {
    for (let inTick = 0; inTick < linesPerTick; inTick++, index++)
      logger.info(
        { reqId: 'a1b2c3d4e5f6', userId: index, route: '/v1/orders/:id', status: 200, ms: 12.5 },
        'request completed for the order of the customer',
      )
    await new Promise((resolve) => setImmediate(resolve))
  }
  flush()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / lines
}

function ourSide(folder: string, durability: Durability): Side {
  const options = { spool: `${folder}/spool`, maxSpool: 2 ** 31, adoptAfter: 0 }
  const shipper = createShipper({ ...options, sinks: [], durability })
  return {
    stream: shipper.stream(),
    flush: () => shipper.flushSync(),
    async answer() {
      await shipper.close()
      let count = 0
      let sum = 0
      const inner = memorySink({ limit: 1 })
      const reader = createShipper({
        ...options,
        sinks: [
          {
            ...inner,
            async send({ records }) {
              count += records.length
              for (const { fields } of records) sum += Number(fields.userId)
            },
          },
        ],
      })
      await reader.start()
      await reader.flush()
      await reader.close()
      return `${count} ${sum}`
    },
  }
}

function pinoSide(folder: string, mode: keyof typeof destinations): Side {
  const dest = `${folder}/pino.ndjson`
  const destination = pino.destination({ dest, ...destinations[mode] })
  return {
    stream: destination,
    flush: () => destination.flushSync(),
    async answer() {
      destination.end()
      const lines = readFileSync(dest, 'utf8').split('\n').filter(Boolean)
      const sum = lines.reduce((total, line) => total + (JSON.parse(line) as { userId: number }).userId, 0)
      return `${lines.length} ${sum}`
    },
  }
}
