import { decodeText, utf8 } from './decode-value.ts'
import { holePaths } from './hole-paths.ts'
import { holeKinds, ObjectScanner } from './scan-object.ts'

/** One value of a line. */
export interface LineValue {
  /** Keys joined by dots. */
  readonly path: string
  /** Resolved text of a string; a number or a literal as it stands. */
  readonly value: string
  /** Whether it stood in quotes. */
  readonly isText: boolean
}

/** Lines with more are text: nobody looks for the hundred-thousandth value of a line. */
const generous = { holes: 100_000, depth: 1_000 }

let scanner: ObjectScanner | undefined

/**
 * The values of a line: what columns would hold of it. `null` is no value; a line that is no JSON object is the value of
 * `msg`. The plain way, for lines that have no columns.
 */
export function readLine(bytes: Uint8Array): LineValue[] {
  scanner ??= new ObjectScanner(generous)
  if (!scanner.scan(bytes, 0, bytes.length)) return [{ path: 'msg', value: utf8(bytes, 0, bytes.length), isText: true }]
  const paths = holePaths(bytes, 0, scanner, scanner.count)
  const values: LineValue[] = []
  for (const [hole, path] of paths.entries()) {
    const [start, end, kind] = [scanner.starts[hole]!, scanner.ends[hole]!, scanner.kinds[hole]! & 0x7f]
    const isText = kind === holeKinds.string
    const value = isText ? decodeText(bytes, start, end) : utf8(bytes, start, end)
    if (kind !== holeKinds.literal || value !== 'null') values.push({ path, value, isText })
  }
  return values
}
