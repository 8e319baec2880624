// Logs as many lines as it is told in one tick, and is gone before the loop turns: spool, mode, lines.
import { createShipper, type Durability } from '@exprsn/logs'
import { pino } from 'pino'

const [spool, durability, lines] = process.argv.slice(2) as [string, Durability, string]
const shipper = createShipper({ sinks: [], spool, durability })
const logger = pino(shipper.stream())
for (let index = 0; index < Number(lines); index++) logger.info({ index }, 'acknowledged')
process.kill(process.pid, 'SIGKILL')
