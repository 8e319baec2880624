// A process that logs through pino, into our log or into pino's own file; prints its CPU µs per line: folder, whose, mode, lines,
// lines in each turn of the loop. What happens to the lines afterwards is another row.
import { createShipper } from '@exprsn/logs'
import { pino, type DestinationStream } from 'pino'
import type { LocalMode } from './local-cost.ts'

interface Side {
  readonly stream: DestinationStream
  readonly flush: () => void
  close(): unknown
}

/** pino's own file destination with the same bound: at once, or 64 KiB and 10 ms. */
const destinations = {
  line: { sync: true },
  buffered: { sync: false, minLength: 65_536, maxWrite: 131_072, periodicFlush: 10 },
} as const

const [folder, whose, mode, count, perTurn] = process.argv.slice(2) as [string, string, LocalMode, string, string]
const warmUp = 20_000
const lines = Number(count)
const linesPerTurn = Number(perTurn)
const { stream, flush, close } = whose === 'ours' ? ourSide() : pinoSide()
const logger = pino(stream)
let index = 0

async function log(until: number): Promise<void> {
  while (index < until) {
    for (let inTurn = 0; inTurn < linesPerTurn; inTurn++, index++)
      logger.info(
        { reqId: 'a1b2c3d4e5f6', userId: index, route: '/v1/orders/:id', status: 200, ms: 12.5 },
        'request completed for the order of the customer',
      )
    await new Promise((resolve) => setImmediate(resolve))
  }
}

// A service logs for weeks: what its first lines cost, before there is machine code for them, is not the question.
await log(warmUp)
const before = process.cpuUsage()
await log(lines)
flush()
const { user, system } = process.cpuUsage(before)
await close()
console.log((user + system) / (lines - warmUp))

function ourSide(): Side {
  const shipper = createShipper({ spool: `${folder}/spool`, maxSpool: 2 ** 31, sinks: [], durability: mode })
  return { stream: shipper.stream(), flush: () => shipper.flushSync(), close: () => shipper.close() }
}

function pinoSide(): Side {
  const destination = pino.destination({ dest: `${folder}/pino.ndjson`, ...destinations[mode] })
  return { stream: destination, flush: () => destination.flushSync(), close: () => destination.end() }
}
