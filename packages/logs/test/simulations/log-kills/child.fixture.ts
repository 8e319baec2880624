// Logs lines in two turns of the loop, and is gone in the tick of its last: spool, mode, lines of each turn.
import { createShipper, type Durability } from '@exprsn/logs'
import { pino } from 'pino'

const [spool, durability, first, second] = process.argv.slice(2) as [string, Durability, string, string]
const shipper = createShipper({ sinks: [], spool, durability })
const logger = pino(shipper.stream())
let index = 0
for (const end = Number(first); index < end; index++) logger.info({ index }, 'acknowledged')
// Long enough for what a buffered log flushes by itself.
setTimeout(() => {
  for (const end = index + Number(second); index < end; index++) logger.info({ index }, 'acknowledged')
  process.kill(process.pid, 'SIGKILL')
}, 40)
