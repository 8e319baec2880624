import { crc32 } from 'node:zlib'
import type { Clock, Random } from '@exprsn/core'
import { isDiskError, readFile, temporaryPrefix, unlessGone, writeFileAtomic, type Disk } from '@exprsn/core/disk'
import { storeErrors } from '../errors.ts'

/** A line that waits for the writer of the store. */
export interface HandedLine {
  readonly bytes: Uint8Array
  /** Milliseconds since 1970, for a line that says no time. */
  readonly time: number
  /** Where it comes from and its number there; undefined for a line that was appended. */
  readonly source?: string | undefined
  readonly sequence?: number | undefined
}

/** What stands before the bytes of the lines. */
interface Head {
  readonly version: 1
  /** Names of sources; a line names one by its index, −1 for none. */
  readonly sources: readonly string[]
  /** Of each line: bytes, time, source, sequence. */
  readonly lines: readonly (readonly [number, number, number, number])[]
}

const ending = '.lines'

/** Length and CRC-32 of the head, CRC-32 of the lines, each u32. */
const prefixBytes = 12

/** Leftovers of processes that died while they wrote are removed when they are older, in milliseconds. */
const leftoverAge = 3_600_000

/**
 * Lines that processes which do not write to a store leave for the one that does: each file is whole when it has its name,
 * never changes, and is removed when its lines are in a segment.
 */
export class HandOver {
  readonly folder: string
  readonly #disk: Disk
  readonly #random: Random
  /** Names ascend in the order in which this process has written. */
  readonly #id: string
  #number = 0

  constructor(disk: Disk, path: string, random: Random) {
    this.#disk = disk
    this.#random = random
    this.folder = `${path}/handover`
    this.#id = Buffer.from(random.bytes(8)).toString('hex')
  }

  /** Leaves lines; they are durable when it returns. */
  async write(lines: readonly HandedLine[]): Promise<void> {
    const name = `${this.#id}-${String(++this.#number).padStart(10, '0')}${ending}`
    await writeFileAtomic(this.#disk, `${this.folder}/${name}`, encode(lines), { random: this.#random })
  }

  /** Names of what waits, those of one process in the order in which it has written. */
  async list(): Promise<string[]> {
    const names: string[] = []
    try {
      for await (const { name } of this.#disk.entries(this.folder)) if (name.endsWith(ending)) names.push(name)
    } catch (error) {
      // Stores of earlier versions have no such folder until somebody writes to them.
      if (!isDiskError(error, 'CORE_DISK_NOT_FOUND')) throw error
    }
    return names.sort()
  }

  /** The lines of a file. @throws `LOGS_STORE_HAND_OVER_DAMAGED`, and errors of reading */
  async read(name: string): Promise<HandedLine[]> {
    const bytes = await readFile(this.#disk, `${this.folder}/${name}`, { limit: 2 ** 31 })
    try {
      return decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
    } catch (cause) {
      throw storeErrors.LOGS_STORE_HAND_OVER_DAMAGED({ file: name, reason: (cause as Error).message }, { cause })
    }
  }

  /** Removes files; none of them comes back with a power loss. */
  async remove(names: Iterable<string>): Promise<void> {
    for (const name of names) await unlessGone(this.#disk.removeFile(`${this.folder}/${name}`))
    await this.#disk.fsyncFolder(this.folder)
  }

  /** Keeps a file that cannot be read, under a name that is not listed. */
  async setAside(name: string): Promise<void> {
    await this.#disk.rename(`${this.folder}/${name}`, `${this.folder}/${name}.damaged`)
  }

  /** Removes what processes that died have begun to write long ago. What others write meanwhile gets its name meanwhile. */
  async clean(clock: Clock): Promise<void> {
    const before = BigInt(Math.floor(clock.now() - leftoverAge)) * 1_000_000n
    for await (const { name } of this.#disk.entries(this.folder)) {
      if (!name.startsWith(temporaryPrefix)) continue
      const path = `${this.folder}/${name}`
      const stat = await unlessGone(this.#disk.stat(path))
      if (stat !== undefined && stat.modifiedAt < before) await unlessGone(this.#disk.removeFile(path))
    }
  }
}

function encode(lines: readonly HandedLine[]): Uint8Array {
  const sources: string[] = []
  const indexes = new Map<string, number>()
  const indexOf = (source: string | undefined): number => {
    if (source === undefined) return -1
    const known = indexes.get(source)
    if (known !== undefined) return known
    indexes.set(source, sources.length)
    return sources.push(source) - 1
  }
  const described = lines.map(
    ({ bytes, time, source, sequence = 0 }) => [bytes.length, time, indexOf(source), sequence] as const,
  )
  const head = Buffer.from(JSON.stringify({ version: 1, sources, lines: described } satisfies Head))
  const body = Buffer.concat(lines.map(({ bytes }) => bytes))
  const prefix = Buffer.alloc(prefixBytes)
  prefix.writeUInt32LE(head.length, 0)
  prefix.writeUInt32LE(crc32(head), 4)
  prefix.writeUInt32LE(crc32(body), 8)
  return Buffer.concat([prefix, head, body])
}

function decode(bytes: Buffer): HandedLine[] {
  if (bytes.length < prefixBytes) throw new RangeError('it is too short')
  const end = prefixBytes + bytes.readUInt32LE(0)
  const head = bytes.subarray(prefixBytes, end)
  const body = bytes.subarray(end)
  if (crc32(head) !== bytes.readUInt32LE(4) || crc32(body) !== bytes.readUInt32LE(8))
    throw new RangeError('its checksum is wrong')
  const { version, sources, lines } = JSON.parse(head.toString()) as Head
  if (version !== 1) throw new RangeError(`it is of version ${String(version)}`)
  let at = 0
  return lines.map(([length, time, source, sequence]) => {
    const line = { bytes: body.subarray(at, at + length), time }
    at += length
    return source < 0 ? line : { ...line, source: sources[source]!, sequence }
  })
}
