import { joinPath, type Disk, type DiskFile } from '@exprsn/core/disk'
import { viewOf } from './byte-view.ts'
import type { Currencies } from './currencies.ts'
import { fieldsOf, movementReader, type OpenMovements } from './open-movements.ts'
import { scanRows } from './scan-rows.ts'

const bufferBytes = 131_072

/** How {@link partFile} works. */
export interface PartOptions {
  readonly disk: Disk
  readonly folder: string
  /** Begins the names of the parts. */
  readonly name: string
  /** A power of two up to 256. */
  readonly parts: number
  readonly currencies: Currencies
  readonly signal: AbortSignal | undefined
  readonly onBytes: (count: number) => void
}

/**
 * Writes the rows of a file into parts by the hash of their names: rows with the same name come into the same part of either
 * side, so that one part after the other is matched as if it were all (a hash join of Grace's kind).
 */
export async function partFile(source: OpenMovements, options: PartOptions): Promise<OpenMovements[]> {
  const { disk, folder, name, parts, currencies, signal, onBytes } = options
  const files: DiskFile[] = []
  const sizes = new Float64Array(parts)
  const buffers = Array.from({ length: parts }, () => new Uint8Array(bufferBytes))
  const used = new Int32Array(parts)
  try {
    for (let part = 0; part < parts; part++)
      files.push(await disk.open(joinPath(folder, `${name}-${part}.csv`), 'create-new'))
    const flush = (part: number): void => {
      files[part]!.writeSync(buffers[part]!.subarray(0, used[part]), sizes[part]!)
      sizes[part]! += used[part]!
      used[part] = 0
    }
    const row = fieldsOf(source)
    const read = movementReader(source, currencies)
    await scanRows(
      source.file,
      { start: source.start, separator: source.separator, row, signal, onBytes },
      (view, place, from, next) => {
        // Quotes were taken out of the buffer, so that such a row is copied as it stood.
        const { hash } = read(view, row, place)
        const part = (hash >>> 24) & (parts - 1)
        const raw = row.raw === undefined ? view : viewOf(row.raw)
        const [begin, end] = row.raw === undefined ? [from, next] : [0, raw.byteLength]
        if (used[part]! + end - begin + 1 > bufferBytes) flush(part)
        const buffer = buffers[part]!
        let to = used[part]!
        for (let at = begin; at < end; at++) buffer[to++] = raw.getUint8(at)
        if (buffer[to - 1] !== 10) buffer[to++] = 10
        used[part] = to
      },
    )
    for (let part = 0; part < parts; part++) flush(part)
    return files.map((file, part) => ({ ...source, file, start: 0, size: sizes[part]! }))
  } catch (error) {
    for (const file of files) await file.close()
    throw error
  }
}
