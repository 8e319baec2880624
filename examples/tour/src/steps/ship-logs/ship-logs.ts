import { createShipper } from '@exprsn/logs'
import { elasticsearchSink } from '@exprsn/logs/drivers/elasticsearch'
import type { Step, StepContext, StepOutcome } from '../../step.ts'
import { startLogServer } from './log-server.ts'
import { machineLines } from './machine-lines.ts'

/** Real log lines on their way to a server that is down half of the time. */
export const shipLogs: Step = {
  name: 'ship-logs',
  title: 'Logs: 200,000 real lines shipped to a server that is down half of the time',
  run: ship,
}

const count = 200_000
const linesPerTick = 500

async function ship({ defer, folder, progress, say, signal }: StepContext): Promise<StepOutcome> {
  const lines = machineLines()
  say(`${lines.length.toLocaleString('en')} different lines of this machine, over and over`)
  const server = await startLogServer()
  defer(() => server.close())
  const sink = elasticsearchSink({ url: server.url })
  const shipper = createShipper({
    sinks: [sink],
    spool: `${folder}/spool`,
    linger: '50ms',
    backoff: '50ms',
    maxBackoff: '200ms',
  })
  defer(() => shipper.close({ deadline: 0 }))

  const bar = progress('shipping', 'lines')
  const startedAt = performance.now()
  for (let index = 0; index < count; index++) {
    shipper.write(lines[index % lines.length]!)
    if (index % linesPerTick > 0) continue
    signal.throwIfAborted()
    bar.update(server.ids.size, count)
    await new Promise((resolve) => setImmediate(resolve))
  }
  const loggedAfter = performance.now() - startedAt
  const { pending } = await shipper.flush({ deadline: '1m', signal })
  const shippedAfter = performance.now() - startedAt
  bar.end(`${server.ids.size.toLocaleString('en')} lines`)

  const { dropped, sinks } = shipper.status()
  if (server.ids.size !== count || pending > 0)
    throw new Error(`${count - server.ids.size} of ${count} lines did not arrive, ${pending} are pending.`)
  return {
    facts: [
      {
        label: 'lines logged and arrived',
        value: `${count.toLocaleString('en')} and ${server.ids.size.toLocaleString('en')}`,
      },
      {
        label: 'lost, dropped',
        value: `${sinks[0]!.lost.dropped + sinks[0]!.lost.damaged}, ${dropped.full + dropped.failed}`,
      },
      { label: 'requests the server refused', value: `${server.refused()}` },
      { label: 'logged in', value: `${Math.round(loggedAfter)} ms, each line in the kernel before its call returned` },
      { label: 'delivered in', value: `${Math.round(shippedAfter)} ms` },
    ],
  }
}
