import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createShipper } from '@exprsn/logs'
import { lokiSink } from '@exprsn/logs/drivers/loki'
import { pino, type DestinationStream } from 'pino'
import { ours, type Benchmark } from '../../../scripts/bench/benchmark.ts'
import { separateServer } from './ship/separate-server.ts'
import { npmPeer } from './ship/peers.ts'

const linesPerSecond = 5_000
const turn = 4

interface Side {
  readonly stream: DestinationStream
  /** Lines that are where they belong. */
  finish(): Promise<number>
}

/**
 * How late the loop of a service comes round while it logs 5,000 lines a second: ours in mode `line`, shipped to a healthy
 * Loki push API from the same thread, against pino's file destination, which ships nothing.
 */
export const benchmark: Benchmark = {
  name: 'logs/event-loop-p99',
  unit: 'ms',
  measure: 'wall',
  better: 'lower',
  target: 0.8,
  peers: [npmPeer('pino', 'pino.destination sync')],
  async prepare({ quick }) {
    const server = await separateServer()
    const lines = linesPerSecond * (quick ? 2 : 10)
    return {
      async run(subject) {
        const folder = mkdtempSync(join(tmpdir(), 'exprsn-bench-loop-'))
        try {
          const side = subject === ours ? ourSide(folder, server.url) : pinoSide(folder)
          const value = await delay(side.stream, lines)
          const arrived = await side.finish()
          return { value, hash: createHash('sha256').update(`${arrived}`).digest('hex') }
        } finally {
          rmSync(folder, { recursive: true, force: true })
        }
      },
      close: () => server.close(),
    }
  },
}

/** The 99th percentile, in milliseconds. */
async function delay(stream: DestinationStream, lines: number): Promise<number> {
  const logger = pino(stream)
  const histogram = monitorEventLoopDelay({ resolution: 1 })
  histogram.enable()
  const begin = performance.now()
  for (let seq = 0; seq < lines;) {
    const wanted = Math.min(lines, Math.floor(((performance.now() - begin) * linesPerSecond) / 1_000))
    for (; seq < wanted; seq++)
      logger.info({ seq, reqId: 'a1b2c3d4e5f6', route: '/v1/orders/:id', status: 200, ms: 12.5 }, 'request completed')
    await new Promise((resolve) => setTimeout(resolve, turn))
  }
  histogram.disable()
  return histogram.percentile(99) / 1e6
}

function ourSide(folder: string, url: string): Side {
  const shipper = createShipper({ sinks: [lokiSink({ url })], spool: `${folder}/spool` })
  return {
    stream: shipper.stream(),
    async finish() {
      await shipper.flush()
      const { delivered } = shipper.status().sinks[0]!
      await shipper.close()
      return delivered
    },
  }
}

function pinoSide(folder: string): Side {
  const dest = `${folder}/pino.ndjson`
  const destination = pino.destination({ dest, sync: true })
  return {
    stream: destination,
    async finish() {
      destination.end()
      return readFileSync(dest, 'utf8').split('\n').filter(Boolean).length
    },
  }
}
