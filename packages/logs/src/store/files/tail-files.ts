import type { Random } from '@exprsn/core'
import {
  isDiskError,
  readFile,
  temporaryPrefix,
  unlessGone,
  writeFileAtomic,
  type Disk,
  type DiskLock,
} from '@exprsn/core/disk'
import type { Query } from '../query/filter.ts'
import { LineRun } from '../tail/line-run.ts'
import { tailBatch, type TailBatch } from '../tail/tail-batch.ts'

/** A question that a process waits with for lines. */
export interface TailRequest {
  readonly id: string
  /** Takes the question back. */
  close(): Promise<void>
}

/** What stands before the bytes of the lines. */
interface Head {
  readonly dropped: number
  /** Of each line: bytes, time, sequence. */
  readonly lines: readonly (readonly [number, number, number])[]
}

const [requestEnding, lockEnding, batchEnding] = ['.tail', '.lock', '.lines']

/**
 * Tails from one process to another, as files: who follows leaves a question and holds its lock as long as it lives; who
 * writes to the store answers with a file for each batch, which is removed when it was read. Nothing here is synced: what a
 * power loss takes, nobody waits for any more.
 */
export class TailFiles {
  readonly folder: string
  readonly #disk: Disk
  readonly #random: Random

  constructor(disk: Disk, path: string, random: Random) {
    this.#disk = disk
    this.#random = random
    this.folder = `${path}/tails`
  }

  /** Leaves a question. */
  async ask(query: Query): Promise<TailRequest> {
    await this.#disk.makeFolder(this.folder)
    const id = Buffer.from(this.#random.bytes(8)).toString('hex')
    const lock = await this.#disk.lock(this.#pathOf(id, lockEnding))
    const bytes = Buffer.from(JSON.stringify({ version: 1, query }, withoutInfinity))
    await writeFileAtomic(this.#disk, this.#pathOf(id, requestEnding), bytes, { random: this.#random })
    return {
      id,
      close: async () => {
        await this.remove(id)
        await lock?.release()
        await this.#removeFile(`${id}${lockEnding}`)
      },
    }
  }

  /** Names of all questions. */
  async requests(): Promise<string[]> {
    const names = await this.#list()
    return names.filter((name) => name.endsWith(requestEnding)).map((name) => name.slice(0, -requestEnding.length))
  }

  /** A question; undefined where it was taken back, or where a later version asks it. */
  async readRequest(id: string): Promise<Query | undefined> {
    try {
      const bytes = await readFile(this.#disk, this.#pathOf(id, requestEnding))
      const { version, query } = JSON.parse(Buffer.from(bytes).toString(), withInfinity) as {
        readonly version: number
        readonly query: Query
      }
      return version === 1 ? query : undefined
    } catch (error) {
      if (error instanceof SyntaxError || isDiskError(error, 'CORE_DISK_NOT_FOUND')) return undefined
      throw error
    }
  }

  /** Whether the process that has asked is dead; then nothing of its question is left. */
  async removeDead(id: string): Promise<boolean> {
    const lock: DiskLock | undefined = await this.#disk.lock(this.#pathOf(id, lockEnding))
    if (lock === undefined) return false
    await this.remove(id)
    await lock.release()
    await this.#removeFile(`${id}${lockEnding}`)
    return true
  }

  /** Removes a question and what was answered. */
  async remove(id: string): Promise<void> {
    for (const name of await this.#list())
      // Also what a writer that died has begun to write.
      if (name.includes(id) && !name.endsWith(lockEnding)) await this.#removeFile(name)
  }

  /** Names of answers that were not read, in their order. */
  async unread(id: string): Promise<string[]> {
    const names = await this.#list()
    return names.filter((name) => name.startsWith(`${id}-`) && name.endsWith(batchEnding)).sort()
  }

  /** Adds an answer; numbers ascend. */
  async put(id: string, number: number, batch: TailBatch): Promise<void> {
    const described: Head['lines'][number][] = []
    const lines: Uint8Array[] = []
    batch.forEach((bytes, start, end, time, sequence) => {
      described.push([end - start, time, sequence])
      lines.push(bytes.subarray(start, end))
    })
    const head = Buffer.from(JSON.stringify({ dropped: batch.dropped, lines: described } satisfies Head))
    const size = Buffer.alloc(4)
    size.writeUInt32LE(head.length)
    const name = `${id}-${String(number).padStart(10, '0')}${batchEnding}`
    const temporary = `${this.folder}/${temporaryPrefix}${name}`
    const file = await this.#disk.open(temporary, 'truncate')
    try {
      await file.write(Buffer.concat([size, head, ...lines]), 0)
    } finally {
      await file.close()
    }
    await this.#disk.rename(temporary, `${this.folder}/${name}`)
  }

  /** Reads an answer, which is not there any more afterwards. */
  async take(name: string): Promise<TailBatch> {
    const content = await readFile(this.#disk, `${this.folder}/${name}`, { limit: 2 ** 31 })
    await this.#removeFile(name)
    const bytes = Buffer.from(content.buffer, content.byteOffset, content.length)
    let at = 4 + bytes.readUInt32LE(0)
    const { dropped, lines } = JSON.parse(bytes.toString('utf8', 4, at)) as Head
    const run = new LineRun()
    for (const [length, time, sequence] of lines) run.add(bytes, at, (at += length), time, sequence)
    return tailBatch([run], dropped)
  }

  /** Where nobody has ever followed there is no folder. */
  async #list(): Promise<string[]> {
    const names: string[] = []
    try {
      for await (const { name } of this.#disk.entries(this.folder)) names.push(name)
    } catch (error) {
      if (!isDiskError(error, 'CORE_DISK_NOT_FOUND')) throw error
    }
    return names
  }

  #pathOf(id: string, ending: string): string {
    return `${this.folder}/${id}${ending}`
  }

  async #removeFile(name: string): Promise<void> {
    await unlessGone(this.#disk.removeFile(`${this.folder}/${name}`))
  }
}

/** Spans of time may have no end, for which JSON has no number. */
function withoutInfinity(_: string, value: unknown): unknown {
  return value === Infinity ? 'Infinity' : value === -Infinity ? '-Infinity' : value
}

function withInfinity(key: string, value: unknown): unknown {
  return (key === 'from' || key === 'to') && (value === 'Infinity' || value === '-Infinity') ? Number(value) : value
}
