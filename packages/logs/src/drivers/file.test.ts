import { zstdDecompressSync } from 'node:zlib'
import { readFile, writeFileAtomic } from '@exprsn/core/disk'
import { createSimulatedDisk, SimulatedClock, type DiskFault } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { createRecord } from '../record/log-record.ts'
import { fileSink, type FileSinkOptions } from './file.ts'

const context = { signal: new AbortController().signal, attempt: 1 }

function world(options: Partial<FileSinkOptions> = {}) {
  let fault: ((name: string, path: string) => DiskFault | undefined) | undefined
  const clock = new SimulatedClock({ now: Date.UTC(2026, 0, 1) })
  const disk = createSimulatedDisk({ clock, intercept: ({ name, path }) => fault?.(name, path) })
  const warnings: unknown[] = []
  const logger = { warn: (fields: object) => void warnings.push(fields) } as unknown as FileSinkOptions['logger']
  const sink = fileSink({ path: '/logs/app.ndjson', disk, clock, logger, ...options })
  let id = 0
  const send = (...texts: readonly string[]) => {
    const records = texts.map((text) => createRecord({ id: `x-${++id}`, bytes: Buffer.from(text), fallbackTime: 1 }))
    return sink.send({ id: `b-${id}`, records }, context)
  }
  const names = (): string[] =>
    disk
      .entriesSync('/logs')
      .map(({ name }) => name)
      .sort()
  const failWith = (next: typeof fault): void => {
    fault = next
  }
  const content = async (name: string): Promise<string> => {
    const bytes = await readFile(disk, `/logs/${name}`)
    return (name.endsWith('.zst') ? zstdDecompressSync(bytes) : Buffer.from(bytes)).toString()
  }
  return { clock, disk, sink, send, names, failWith, content, warnings }
}

describe('fileSink', () => {
  it('goes on behind what is there, on a line of its own when the last one was torn', async () => {
    const { disk, sink, send, content } = world()
    await disk.makeFolder('/logs')
    await writeFileAtomic(disk, '/logs/app.ndjson', Buffer.from('{"a":1}\n{"torn'))
    await send('{"b":2}')
    await send('{"c":3}')
    expect(await content('app.ndjson')).toBe('{"a":1}\n{"torn\n{"b":2}\n{"c":3}\n')
    await sink.close!()
  })

  it('packs away what has grown, and keeps as many as it is told', async () => {
    const { clock, sink, send, names, content } = world({ rotateBytes: 20, keep: 2 })
    for (let index = 0; index < 4; index++) {
      await send(`{"index":${index},"more":"text"}`)
      await clock.advanceBy('1s')
    }
    expect(names()).toEqual(['app.ndjson.20260101T000002000Z.zst', 'app.ndjson.20260101T000003000Z.zst'])
    expect(await content('app.ndjson.20260101T000003000Z.zst')).toBe('{"index":3,"more":"text"}\n')
    await sink.close!()
  })

  it('overwrites nothing when two files are packed away at one time', async () => {
    const { sink, send, names, content } = world({ rotateBytes: 5 })
    for (const text of ['{"a":1}', '{"b":2}', '{"c":3}']) await send(text)
    const texts = await Promise.all(names().map(content))
    expect(texts).toEqual(['{"a":1}\n', '{"b":2}\n', '{"c":3}\n'])
    await sink.close!()
  })

  it('that cannot be packed away grows, says so once, and sends no line twice', async () => {
    const { sink, send, names, failWith, content, warnings } = world({ rotateBytes: 5 })
    failWith((name) => (name === 'rename' ? { errno: 'EACCES' } : undefined))
    await send('{"a":1}')
    await send('{"b":2}')
    expect(await content('app.ndjson')).toBe('{"a":1}\n{"b":2}\n')
    expect(warnings).toHaveLength(1)
    failWith(undefined)
    await send('{"c":3}')
    expect(names()).toHaveLength(1)
    expect(await content(names()[0]!)).toBe('{"a":1}\n{"b":2}\n{"c":3}\n')
    await sink.close!()
  })

  it('packs what an interrupted rotation left aside', async () => {
    const { clock, sink, send, names, failWith, content } = world({ rotateBytes: 5 })
    let renames = 0
    failWith((name) => (name === 'rename' && ++renames === 2 ? { errno: 'ENOSPC' } : undefined))
    await send('{"a":1}')
    expect(names()).toEqual(['app.ndjson.20260101T000000000Z'])
    failWith(undefined)
    await clock.advanceBy('1s')
    await send('{"b":2}')
    expect(names()).toEqual(['app.ndjson.20260101T000000000Z.zst', 'app.ndjson.20260101T000001000Z.zst'])
    expect(await content(names()[0]!)).toBe('{"a":1}\n')
    await sink.close!()
  })
})
