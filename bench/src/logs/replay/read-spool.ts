// A process that finds a log of another one: delivers its lines to a sink that counts them; prints how many, and the CPU µs.
import { createShipper, type Sink } from '@exprsn/logs'

let count = 0
const sink: Sink = {
  name: 'count',
  async send({ records }) {
    count += records.length
  },
}
const shipper = createShipper({ sinks: [sink], spool: process.argv[2]!, maxSpool: 2 ** 31, adoptAfter: 0 })
const before = process.cpuUsage()
await shipper.start()
await shipper.flush()
const { user, system } = process.cpuUsage(before)
await shipper.close()
console.log(JSON.stringify({ count, cpu: user + system }))
