import { createShipper } from '@exprsn/logs'
import { createLogStore, type LogStore, type Row } from '@exprsn/logs/store'
import type { Step, StepContext, StepOutcome } from '../../step.ts'
import { machineLines } from '../ship-logs/machine-lines.ts'
import { histogramPicture, sparkline } from './histogram.ts'

/** Lines that were shipped, searched, counted and followed, without a server. */
export const searchLogs: Step = {
  name: 'search-logs',
  title: 'Logs: 100,000 lines in an embedded store, searched, counted over time and followed',
  run: search,
}

const count = 100_000
const start = Date.UTC(2026, 10, 20, 8)
const services = ['api', 'web', 'billing']

async function search({ defer, folder, progress, signal }: StepContext): Promise<StepOutcome> {
  const store = createLogStore({ path: `${folder}/store` })
  defer(() => store.close())
  const shipper = createShipper({
    sinks: [store.sink()],
    spool: `${folder}/spool`,
    durability: 'buffered',
    linger: '20ms',
  })
  defer(() => shipper.close({ deadline: 0 }))

  const controller = new AbortController()
  const followed = firstOf(store, 'level:fatal', controller.signal)
  const real = machineLines()
  const bar = progress('storing', 'lines')
  let bytes = 0
  const hits = { error: 0, fatal: 0 }
  for (let index = 0; index < count; index++) {
    const level =
      index === 70_000 ? 60 : index % 97 === 0 || (index > 60_000 && index < 66_000 && index % 5 === 0) ? 50 : 30
    hits.error += level === 50 ? 1 : 0
    const service = services[index % services.length]!
    const line = JSON.stringify({
      level,
      time: start + index * 180,
      service,
      took: (index * 37) % 900,
      msg: real[index % real.length],
    })
    bytes += line.length + 1
    shipper.write(line)
    if (index % 2_000 > 0) continue
    signal.throwIfAborted()
    bar.update(index, count)
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { pending } = await shipper.flush({ deadline: '30s', signal })
  bar.end(`${count.toLocaleString('en')} lines`)
  const stored = store.status().segments.reduce((sum, segment) => sum + segment.bytes, 0)

  const errors = await rowsOf(store, 'level:error | stats count()')
  const perBucket = await rowsOf(store, '* | stats count() by bucket(10m)')
  const errorsPerBucket = await rowsOf(store, 'level:error | stats count() by bucket(10m)')
  const slow = await rowsOf(
    store,
    'took:>=890 | stats count(), quantile(0.99, took) as p99 by service | sort count desc',
  )
  const fatal = await store.query('level:fatal')
  controller.abort()
  const seen = await followed
  if (
    pending > 0 ||
    Number(errors[0]?.count) !== hits.error ||
    fatal.kind !== 'lines' ||
    fatal.lines.length !== 1 ||
    seen !== fatal.lines[0]!.text
  )
    throw new Error('The store does not hold what was logged.')

  const byTime = new Map(errorsPerBucket.map(({ time, count: lines }) => [time, Number(lines)]))
  return {
    facts: [
      {
        label: 'lines kept, share of their size',
        value: `${count.toLocaleString('en')}, ${((stored / bytes) * 100).toFixed(1)} %`,
      },
      { label: 'errors found', value: `${hits.error.toLocaleString('en')}, all of them` },
      { label: 'errors over time', value: sparkline(perBucket.map(({ time }) => byTime.get(time) ?? 0)) },
      {
        label: 'slow lines, by service',
        value: slow.map(({ service, count: lines }) => `${service} ${lines}`).join(', '),
      },
      { label: 'the fatal line', value: `followed as it came, found again among ${count.toLocaleString('en')}` },
    ],
    picture: histogramPicture(perBucket, errorsPerBucket, 'Lines by ten minutes, errors in red'),
  }
}

async function rowsOf(store: LogStore, query: string): Promise<readonly Row[]> {
  const result = await store.query(query)
  return result.kind === 'rows' ? result.rows : []
}

async function firstOf(store: LogStore, query: string, signal: AbortSignal): Promise<string | undefined> {
  for await (const { text } of store.tail(query, { signal })) return text
  return undefined
}
