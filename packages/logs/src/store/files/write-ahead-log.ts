import { crc32 } from 'node:zlib'
import { packedRoom, type PackedLines } from './packed-lines.ts'
import { readFile, unlessGone, type Disk, type DiskFile } from '@exprsn/core/disk'

/** Lines that came together. */
export interface WalBatch {
  /** Sequence of the first line; the others follow. */
  readonly sequence: number
  /** Milliseconds since 1970, for lines that say no time. */
  readonly time: number
  readonly lines: PackedLines
}

/** Length u32 and CRC-32 u32 of what follows: sequence f64, time f64, and the lines, each with its length u32 before it. */
const headerBytes = packedRoom - 16

const fileName = /^(\d{10})\.wal$/

/** Where a file of the log stops making sense. */
export interface WalDamage {
  readonly path: string
  readonly offset: number
}

/** Lines that are in no segment yet, in files that are removed as soon as they are. */
export class WriteAheadLog {
  readonly #disk: Disk
  readonly #folder: string
  #number: number
  #file: DiskFile | undefined
  #size = 0

  /** @param number of the next file: greater than that of any there is */
  constructor(disk: Disk, folder: string, number: number) {
    this.#disk = disk
    this.#folder = folder
    this.#number = number
  }

  /** Number of the next file that is begun: everything written so far is in files before it. */
  get next(): number {
    return this.#file === undefined ? this.#number : this.#number + 1
  }

  /** Writes batches in one go; durable when it returns. */
  async write(batches: readonly WalBatch[]): Promise<void> {
    const isNew = this.#file === undefined
    if (isNew) this.#size = 0
    this.#file ??= await this.#disk.open(pathOf(this.#folder, this.#number), 'create-new')
    const [first, ...others] = batches.map(encodeBatch)
    const bytes = others.length === 0 ? first! : Buffer.concat([first!, ...others])
    try {
      if (isNew) await this.#disk.fsyncFolder(this.#folder)
      await this.#file.write(bytes, this.#size)
      await this.#file.fdatasync()
    } catch (error) {
      // Nobody knows what of it is there: what comes goes to another file.
      await this.rotate()
      throw error
    }
    this.#size += bytes.length
  }

  /** Ends the file. */
  async rotate(): Promise<void> {
    const file = this.#file
    if (file === undefined) return
    this.#file = undefined
    this.#number++
    await file.close()
  }

  /** Removes the files before a number. */
  async removeBefore(number: number): Promise<void> {
    for (const each of await walFiles(this.#disk, this.#folder))
      if (each < number) await this.#disk.removeFile(pathOf(this.#folder, each))
  }
}

/** Numbers of the files of a log, ascending. */
export async function walFiles(disk: Disk, folder: string): Promise<number[]> {
  const numbers: number[] = []
  for await (const { name } of disk.entries(folder)) {
    const found = fileName.exec(name)
    if (found !== null) numbers.push(Number(found[1]))
  }
  return numbers.sort((first, second) => first - second)
}

/** Reads the batches of a file, up to its end or to where it stops making sense: the last write may have been cut off. */
export async function readWal(
  disk: Disk,
  folder: string,
  number: number,
  onBatch: (batch: WalBatch) => Promise<void>,
): Promise<WalDamage | undefined> {
  const path = pathOf(folder, number)
  const content = await unlessGone(readFile(disk, path))
  if (content === undefined) return undefined
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length)
  let offset = 0
  while (offset < bytes.length) {
    const batch = decodeBatch(bytes, offset)
    if (batch === undefined) return { path, offset }
    await onBatch(batch)
    offset += headerBytes + bytes.readUInt32LE(offset)
  }
  return undefined
}

function pathOf(folder: string, number: number): string {
  return `${folder}/${String(number).padStart(10, '0')}.wal`
}

/** The bytes of a batch: what stands before its lines is written where they left room for it. */
function encodeBatch({ sequence, time, lines: { bytes } }: WalBatch): Buffer {
  bytes.writeUInt32LE(bytes.length - headerBytes, 0)
  bytes.writeDoubleLE(sequence, 8)
  bytes.writeDoubleLE(time, 16)
  bytes.writeUInt32LE(crc32(bytes.subarray(headerBytes)), 4)
  return bytes
}

function decodeBatch(bytes: Buffer, offset: number): WalBatch | undefined {
  if (offset + headerBytes + 16 > bytes.length) return undefined
  const end = offset + headerBytes + bytes.readUInt32LE(offset)
  if (end > bytes.length || end < offset + headerBytes + 16) return undefined
  if (crc32(bytes.subarray(offset + headerBytes, end)) !== bytes.readUInt32LE(offset + 4)) return undefined
  let count = 0
  for (let at = offset + packedRoom; at + 4 <= end; at += 4 + bytes.readUInt32LE(at)) count++
  const own = bytes.subarray(offset, end)
  const lines = { bytes: own, count, memory: own }
  return { sequence: bytes.readDoubleLE(offset + 8), time: bytes.readDoubleLE(offset + 16), lines }
}
