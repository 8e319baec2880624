import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { zstdDecompressSync } from 'node:zlib'
import { makeTemporaryFolder, removeTree, systemDisk, type Disk, type DiskFile } from '@exprsn/core/disk'
import { memoryStore, type ObjectStore } from '@exprsn/core/storage'
import { sinkConformance, type SinkFault, type SinkSubject } from '@exprsn/logs/testing'
import { bucketSink } from '@exprsn/logs/drivers/bucket'
import { fileSink } from '@exprsn/logs/drivers/file'
import { stdoutSink } from '@exprsn/logs/drivers/stdout'
import { syslogSink } from '@exprsn/logs/drivers/syslog'
import { afterEach, describe, it } from 'vitest'

/** What strikes the next calls, and when it is over. */
class Trouble {
  #fault: SinkFault | undefined
  #times = 0
  fail = (fault: SinkFault, times: number): void => {
    this.#fault = fault
    this.#times = times
  }
  next(): SinkFault | undefined {
    return this.#times-- > 0 ? this.#fault : undefined
  }
}

const messagesOf = (text: string): string[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { msg: string }).msg)

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp()
})

async function fileSubject(): Promise<SinkSubject> {
  const folder = await makeTemporaryFolder(systemDisk)
  cleanUps.push(() => removeTree(systemDisk, folder))
  const trouble = new Trouble()
  const troubled = (file: DiskFile): DiskFile =>
    new Proxy(file, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        if (name !== 'fdatasync') return value.bind(target)
        return () => (trouble.next() === undefined ? target.fdatasync() : Promise.reject(new Error('EIO')))
      },
    })
  const disk: Disk = { ...systemDisk, open: async (...parameters) => troubled(await systemDisk.open(...parameters)) }
  return {
    sink: fileSink({ path: `${folder}/logs/app.ndjson`, rotateBytes: 8_192, keep: 100, disk }),
    fail: trouble.fail,
    faults: ['outage', 'answer-lost'],
    recognisesRepetitions: false,
    async messages() {
      const names = systemDisk.entriesSync(`${folder}/logs`).map(({ name }) => name)
      const texts = names.map((name) => {
        const file = systemDisk.openSync(`${folder}/logs/${name}`, 'read')
        const bytes = Buffer.alloc(file.statSync().size)
        file.readSync(bytes, 0)
        file.closeSync()
        return (name.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes).toString()
      })
      return texts.flatMap(messagesOf)
    },
  }
}

async function stdoutSubject(): Promise<SinkSubject> {
  const trouble = new Trouble()
  const chunks: string[] = []
  return {
    sink: stdoutSink({
      stream: {
        write(bytes, done) {
          const fault = trouble.next()
          if (fault !== 'outage') chunks.push(Buffer.from(bytes).toString())
          setImmediate(() => done(fault === undefined || fault === 'slow' ? null : new Error('EPIPE')))
        },
      },
    }),
    fail: trouble.fail,
    faults: ['outage', 'answer-lost', 'slow'],
    recognisesRepetitions: false,
    messages: async () => messagesOf(chunks.join('')),
  }
}

async function bucketSubject(): Promise<SinkSubject> {
  const trouble = new Trouble()
  const inner = memoryStore()
  const store: ObjectStore = {
    ...inner,
    get: (...parameters) => inner.get(...parameters),
    head: (...parameters) => inner.head(...parameters),
    list: (...parameters) => inner.list(...parameters),
    delete: (...parameters) => inner.delete(...parameters),
    async put(...parameters) {
      const fault = trouble.next()
      if (fault === 'outage') throw new Error('SlowDown')
      const info = await inner.put(...parameters)
      if (fault === 'answer-lost') throw new Error('reset')
      return info
    },
  }
  return {
    sink: bucketSink({ store }),
    fail: trouble.fail,
    faults: ['outage', 'answer-lost'],
    recognisesRepetitions: true,
    async messages() {
      const all: string[] = []
      for await (const { key } of store.list())
        all.push(...messagesOf(zstdDecompressSync(await (await store.get(key)).bytes()).toString()))
      return all
    },
  }
}

/** A syslog server that takes frames however the network cuts them. */
async function syslogSubject(): Promise<SinkSubject> {
  const trouble = new Trouble()
  const messages: string[] = []
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    if (trouble.next() !== undefined) return void socket.destroy()
    let rest = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', (part: Buffer) => {
      rest = Buffer.concat([rest, part])
      for (let space = rest.indexOf(0x20); space > 0; space = rest.indexOf(0x20)) {
        const length = Number(rest.subarray(0, space).toString())
        if (rest.length < space + 1 + length) return
        const frame = rest.subarray(space + 1, space + 1 + length).toString()
        const [, line] = /^<13[0-9]>1 \S+ \S+ shop \d+ \S+ - (.*)$/s.exec(frame) ?? []
        messages.push((JSON.parse(line!) as { msg: string }).msg)
        rest = rest.subarray(space + 1 + length)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUps.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return {
    sink: syslogSink({ host: '127.0.0.1', port, tls: false, appName: 'shop' }),
    fail: trouble.fail,
    faults: ['reset'],
    recognisesRepetitions: false,
    async messages() {
      // What was written last is on its way: nothing else says when it has come.
      for (let wait = 0; wait < 2_000 && new Set(messages).size < 300; wait++)
        await new Promise((resolve) => setTimeout(resolve, 10))
      return messages
    },
  }
}

describe.each([
  ['file', fileSubject],
  ['stdout', stdoutSubject],
  ['bucket', bucketSubject],
  ['syslog', syslogSubject],
] as const)('%s', (_, create) => {
  it.each(sinkConformance)('$name', { timeout: 30_000 }, async ({ run }) => {
    await run(await create())
  })
})
