import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createShipper, type Sink } from '@exprsn/logs'
import { pino } from 'pino'
import { ours, type Benchmark } from '../../../../scripts/bench/benchmark.ts'
import { countingSink, type CountingSink } from '../loss/counting-sink.ts'
import { npmPeer } from './peers.ts'

/** How a row is set up. */
export interface EndToEnd {
  readonly name: string
  readonly peer: string
  readonly sink: (url: string) => Sink
  /** Options of the peer as a transport of pino. */
  readonly options: (url: string) => object
}

const linesPerTick = 20

/** CPU for a line from `logger.info` until a healthy server has it, both drained; ours in mode `line`. */
export function endToEnd({ name, peer, sink, options }: EndToEnd): Benchmark {
  return {
    name,
    unit: 'µs/line',
    measure: 'cpu',
    better: 'lower',
    target: 1.5,
    peers: [npmPeer(peer)],
    async prepare({ quick }) {
      const lines = quick ? 50_000 : 100_000
      return {
        async run(subject) {
          const server = await countingSink()
          const folder = mkdtempSync(join(tmpdir(), 'exprsn-bench-end-'))
          try {
            const before = process.cpuUsage()
            if (subject === ours) await ship(server, lines, sink(server.url), folder)
            else await transport(server, lines, peer, options(server.url))
            const { user, system } = process.cpuUsage(before)
            return {
              value: (user + system) / lines,
              hash: createHash('sha256').update(`${server.seen.size}`).digest('hex'),
            }
          } finally {
            await server.close()
            rmSync(folder, { recursive: true, force: true })
          }
        },
        async close() {},
      }
    },
  }
}

async function ship(server: CountingSink, lines: number, sink: Sink, folder: string): Promise<void> {
  const shipper = createShipper({ sinks: [sink], spool: `${folder}/spool` })
  await log(pino(shipper.stream()), lines)
  await shipper.flush()
  await shipper.close()
  await arrival(server, lines)
}

async function transport(server: CountingSink, lines: number, target: string, options: object): Promise<void> {
  const stream = pino.transport({ target, options }) as ReturnType<typeof pino.transport> & { end(): void }
  stream.on('error', () => {})
  await log(pino(stream), lines)
  // pino-loki does not wait for its last batch when it is ended.
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  const closed = new Promise((resolve) => stream.on('close', resolve))
  stream.end()
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 10_000))])
  await arrival(server, lines)
}

async function log(logger: { info(fields: object, message: string): void }, lines: number): Promise<void> {
  for (let seq = 0; seq < lines; seq++) {
    logger.info({ seq, reqId: 'a1b2c3d4e5f6', route: '/v1/orders/:id', status: 200, ms: 12.5 }, 'request completed')
    if (seq % linesPerTick === 0) await new Promise((resolve) => setImmediate(resolve))
  }
}

/** A client may be through before its last request is. */
async function arrival(server: CountingSink, lines: number): Promise<void> {
  for (let wait = 0; wait < 50 && server.seen.size < lines; wait++)
    await new Promise((resolve) => setTimeout(resolve, 20))
}
