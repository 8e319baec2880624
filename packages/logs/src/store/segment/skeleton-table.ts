import { formOf } from '../line/form-of.ts'
import { holePaths } from '../line/hole-paths.ts'
import { holeKinds, type ObjectScanner, type ScannedForm } from '../line/scan-object.ts'
import type { ColumnBuilder } from './column-builder.ts'
import type { ColumnKind, SkeletonLayout } from './layout.ts'

/** Lines of more forms than this in a segment are kept without columns. */
const mostSkeletons = 1_024

/** As are lines with columns beyond this. */
const mostColumns = 1_024

/** A form of line and the columns of its values. */
export interface Skeleton {
  readonly id: number
  readonly layout: SkeletonLayout
  readonly columns: readonly ColumnBuilder[]
  /** Which hole says the time: the first of these that does. */
  readonly timeHoles: readonly number[]
  readonly form: ScannedForm
  /** The skeleton of the line that came after the last of this one: perhaps it does so again. */
  follower: Skeleton | undefined
}

/** Top-level fields that say the time of a line, in the order of {@link LogRecord.time}. */
const timeFields = ['time', 'timestamp', '@timestamp', 'ts']

/** The forms of the lines of a segment, found by hash and compared byte by byte. */
export class SkeletonTable {
  readonly skeletons: Skeleton[] = []
  readonly #byHash = new Map<number, Skeleton[]>()
  readonly #columnOf: (kind: ColumnKind, path: string) => ColumnBuilder
  readonly #columnCount: () => number

  constructor(columnOf: (kind: ColumnKind, path: string) => ColumnBuilder, columnCount: () => number) {
    this.#columnOf = columnOf
    this.#columnCount = columnCount
  }

  /** The skeleton of the line that was scanned just now; undefined when there is no room for another. */
  find(scanner: ObjectScanner, bytes: Uint8Array, start: number, end: number): Skeleton | undefined {
    const candidates = this.#byHash.get(scanner.hash)
    if (candidates !== undefined)
      for (const candidate of candidates) if (isOfForm(candidate, scanner, bytes, start, end)) return candidate
    if (this.skeletons.length >= mostSkeletons || this.#columnCount() + scanner.count > mostColumns) return undefined
    const skeleton = this.#make(scanner, bytes, start, end)
    if (candidates === undefined) this.#byHash.set(scanner.hash, [skeleton])
    else candidates.push(skeleton)
    return skeleton
  }

  /** The skeleton of lines that are one value as a whole. */
  whole(kind: 'text' | 'raw'): Skeleton {
    const known = this.skeletons.find(({ columns }) => columns.length === 1 && columns[0]!.kind === kind)
    if (known !== undefined) return known
    return this.#add({ pieces: ['', ''], columns: [this.#columnOf(kind, kind === 'text' ? 'msg' : '')], timeHoles: [] })
  }

  #make(scanner: ObjectScanner, bytes: Uint8Array, start: number, end: number): Skeleton {
    const paths = holePaths(bytes, start, scanner, scanner.count)
    const pieces: string[] = []
    let at = start
    for (let hole = 0; hole <= scanner.count; hole++) {
      const to = hole === scanner.count ? end : scanner.starts[hole]!
      pieces.push(Buffer.from(bytes.buffer, bytes.byteOffset + at, to - at).toString())
      at = hole === scanner.count ? end : scanner.ends[hole]!
    }
    const columns = paths.map((path, hole) => {
      const kind = (scanner.kinds[hole]! & 0x7f) === holeKinds.string ? 'string' : 'bare'
      return this.#columnOf(kind, path)
    })
    const timeHoles = timeFields.map((field) => paths.indexOf(field)).filter((hole) => hole >= 0)
    return this.#add({ pieces, columns, timeHoles })
  }

  #add({
    pieces,
    columns,
    timeHoles,
  }: Pick<Skeleton, 'columns' | 'timeHoles'> & { readonly pieces: readonly string[] }): Skeleton {
    const texts = Uint8Array.from(columns, ({ kind }) => (kind === 'string' ? 1 : 0))
    const form = formOf(
      pieces.map((piece) => Buffer.from(piece)),
      texts,
    )
    const id = this.skeletons.length
    const layout = { pieces, columns: columns.map((column) => column.id) }
    const skeleton: Skeleton = { id, layout, columns, timeHoles, form, follower: undefined }
    this.skeletons.push(skeleton)
    return skeleton
  }
}

function isOfForm(skeleton: Skeleton, scanner: ObjectScanner, bytes: Uint8Array, start: number, end: number): boolean {
  const { columns, form } = skeleton
  const { offsets, pieces } = form
  if (columns.length !== scanner.count) return false
  let at = start
  for (let hole = 0; hole <= scanner.count; hole++) {
    const to = hole === scanner.count ? end : scanner.starts[hole]!
    const from = offsets[hole]!
    if (offsets[hole + 1]! - from !== to - at) return false
    for (let offset = 0; offset < to - at; offset++) if (pieces[from + offset] !== bytes[at + offset]) return false
    if (hole === scanner.count) break
    // Bare values have no quotes in the skeleton that would tell numbers from literals: both share a column.
    if ((columns[hole]!.kind === 'string') !== ((scanner.kinds[hole]! & 0x7f) === holeKinds.string)) return false
    at = scanner.ends[hole]!
  }
  return true
}
