import { makeTemporaryFolder, readFile, removeTree, systemDisk } from '@exprsn/core/disk'
import { memoryStore } from '@exprsn/core/storage'
import { createShipper, type Sink } from '@exprsn/logs'
import { bucketSink } from '@exprsn/logs/drivers/bucket'
import { clickhouseSink } from '@exprsn/logs/drivers/clickhouse'
import { elasticsearchSink } from '@exprsn/logs/drivers/elasticsearch'
import { fileSink } from '@exprsn/logs/drivers/file'
import { lokiSink } from '@exprsn/logs/drivers/loki'
import { otlpSink } from '@exprsn/logs/drivers/otlp'
import { stdoutSink } from '@exprsn/logs/drivers/stdout'
import { simulateLogService, type ServiceProtocol } from '@exprsn/logs/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hostileLines } from './hostile-lines.ts'
import { bulkProtocol, clickhouseProtocol, lokiProtocol, otlpProtocol } from './services/protocols.ts'

const names = Object.keys(hostileLines)
let folder: string
beforeEach(async () => {
  folder = await makeTemporaryFolder(systemDisk)
})
afterEach(() => removeTree(systemDisk, folder))

/** Ships good lines with the hostile ones between them; none of them may hold up the others. */
async function ship(sink: Sink): Promise<number> {
  const shipper = createShipper({ sinks: [sink], spool: `${folder}/spool`, linger: 1, backoff: 1, maxBackoff: 5 })
  for (const name of names) {
    shipper.write(JSON.stringify({ level: 30, msg: `before ${name}` }))
    shipper.write(hostileLines[name]!)
  }
  shipper.write('{"level":30,"msg":"the end"}')
  const { pending } = await shipper.flush({ deadline: '20s' })
  const { deadLetters } = shipper.status().sinks[0]!
  await shipper.close()
  expect(pending).toBe(0)
  return deadLetters
}

const lines = names.length * 2 + 1

const services: readonly (readonly [string, (url: string) => Sink, ServiceProtocol])[] = [
  ['elasticsearch', (url) => elasticsearchSink({ url }), bulkProtocol],
  ['loki protobuf', (url) => lokiSink({ url }), lokiProtocol],
  ['loki json', (url) => lokiSink({ url, encoding: 'json' }), lokiProtocol],
  ['otlp protobuf', (url) => otlpSink({ url }), otlpProtocol],
  ['otlp json', (url) => otlpSink({ url, encoding: 'json' }), otlpProtocol],
  ['clickhouse', (url) => clickhouseSink({ url }), clickhouseProtocol],
]

describe('bad input: hostile lines through every sink', () => {
  it.for(services)('%s: each arrives or is a dead letter', { timeout: 40_000 }, async ([, create, protocol]) => {
    const service = await simulateLogService(protocol)
    try {
      const deadLetters = await ship(create(service.url))
      const arrived = service.lines.map(({ message }) => message)
      expect(arrived.length + deadLetters).toBe(lines)
      expect(deadLetters).toBeLessThanOrEqual(2)
      for (const name of names) expect(arrived).toContain(`before ${name}`)
    } finally {
      await service.close()
    }
  })

  it('file, stdout and bucket: each is one line of JSON', { timeout: 40_000 }, async () => {
    const written: Buffer[] = []
    const store = memoryStore()
    const path = `${folder}/app.ndjson`
    const stream = {
      write(bytes: Uint8Array, done: () => void) {
        written.push(Buffer.from(bytes))
        done()
      },
    }
    for (const sink of [fileSink({ path }), stdoutSink({ stream }), bucketSink({ store, linger: 0 })])
      expect(await ship(sink)).toBe(0)
    const { zstdDecompressSync } = await import('node:zlib')
    const objects: Buffer[] = []
    for await (const { key } of store.list()) objects.push(zstdDecompressSync(await (await store.get(key)).bytes()))
    for (const bytes of [await readFile(systemDisk, path), Buffer.concat(written), Buffer.concat(objects)]) {
      const texts = Buffer.from(bytes).toString().split('\n').filter(Boolean)
      expect(texts).toHaveLength(lines)
      for (const text of texts) expect(typeof JSON.parse(text)).toBe('object')
    }
  })
})
