// Logs lines in two turns of the loop, and is gone in the tick of its last: spool, mode, lines of each turn, bytes of a segment.
import { createShipper, type Durability } from '@exprsn/logs'
import { pino } from 'pino'

const [spool, durability, first, second, segment] = process.argv.slice(2) as [
  string,
  Durability,
  string,
  string,
  string,
]
const shipper = createShipper({ sinks: [], spool, durability, segmentBytes: Number(segment) })
const logger = pino(shipper.stream())
let index = 0

function log(lines: number): void {
  for (const end = index + lines; index < end; index++) logger.info({ index }, 'é'.repeat((index * 37) % 300))
}

log(Number(first))
// In mode `line` another turn of the loop is enough; a buffered log flushes by itself in this time.
setTimeout(
  () => {
    log(Number(second))
    process.kill(process.pid, 'SIGKILL')
  },
  durability === 'line' ? 0 : 40,
)
