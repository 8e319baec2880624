import { decodeText, utf8 } from './decode-value.ts'
import { formOf } from './form-of.ts'
import { holePaths } from './hole-paths.ts'
import { holeKinds, ObjectScanner, type ScannedForm } from './scan-object.ts'

/** A form and the path of each of its values. */
interface KnownForm {
  readonly form: ScannedForm
  readonly paths: readonly string[]
}

/** Forms that are remembered: lines that come together are of few. */
const mostForms = 16

/** Of a form that is remembered; a line with more values is read all the same. */
const longestForm = 16_384

/**
 * Looks at one line after the other, at each only as far as somebody asks: what its values are is what `readLine` says, without
 * an object for any.
 */
export class LineView {
  readonly #scanner = new ObjectScanner({ holes: 100_000, depth: 1_000 })
  readonly #known: KnownForm[] = []
  #bytes: Uint8Array = new Uint8Array()
  #start = 0
  #end = 0
  /** Of the line, once somebody has asked; null for a line that is no JSON object. */
  #paths: readonly string[] | null | undefined
  #folded: string | undefined

  /** Turns to another line. */
  show(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes
    this.#start = start
    this.#end = end
    this.#paths = undefined
    this.#folded = undefined
  }

  /** Whether a value of one of the fields, or of any where none are named, passes a test. */
  some(fields: readonly string[] | undefined, test: (value: string, isText: boolean) => boolean): boolean {
    const bytes = this.#bytes
    const paths = (this.#paths ??= this.#scan())
    if (paths === null)
      return (fields === undefined || fields.includes('msg')) && test(utf8(bytes, this.#start, this.#end), true)
    const { starts, ends, kinds } = this.#scanner
    for (let hole = 0; hole < paths.length; hole++) {
      if (fields !== undefined && !fields.includes(paths[hole]!)) continue
      const [start, end, kind] = [starts[hole]!, ends[hole]!, kinds[hole]! & 0x7f]
      // `null` is no value, and the only literal that begins so.
      if (kind === holeKinds.literal && bytes[start] === 0x6e) continue
      if (kind === holeKinds.string ? test(decodeText(bytes, start, end), true) : test(utf8(bytes, start, end), false))
        return true
    }
    return false
  }

  /** False where none of the line's values has the token, which is folded; true where one may. */
  mayHave(token: string): boolean {
    const bytes = this.#bytes
    // Bytes beyond ASCII are in no token, whatever they become here.
    const folded = (this.#folded ??= Buffer.from(bytes.buffer, bytes.byteOffset + this.#start, this.#end - this.#start)
      .toString('latin1')
      .toLowerCase())
    // What is escaped stands otherwise in the line than in its value.
    return folded.includes(token) || folded.includes('\\')
  }

  #scan(): readonly string[] | null {
    const scanner = this.#scanner
    const [bytes, start, end] = [this.#bytes, this.#start, this.#end]
    for (let index = 0; index < this.#known.length; index++) {
      const known = this.#known[index]!
      if (!scanner.scanAs(known.form, bytes, start, end)) continue
      if (index > 0) {
        this.#known.splice(index, 1)
        this.#known.unshift(known)
      }
      return known.paths
    }
    if (!scanner.scan(bytes, start, end)) return null
    const paths = holePaths(bytes, start, scanner, scanner.count)
    if (end - start <= longestForm) {
      this.#known.unshift({ form: this.#form(), paths })
      if (this.#known.length > mostForms) this.#known.pop()
    }
    return paths
  }

  /** Of the line that was scanned. */
  #form(): ScannedForm {
    const { starts, ends, kinds, count } = this.#scanner
    const pieces: Uint8Array[] = []
    let at = this.#start
    for (let hole = 0; hole < count; hole++) {
      pieces.push(this.#bytes.subarray(at, starts[hole]!))
      at = ends[hole]!
    }
    pieces.push(this.#bytes.subarray(at, this.#end))
    return formOf(
      pieces,
      Uint8Array.from(kinds.subarray(0, count), (kind) => ((kind & 0x7f) === holeKinds.string ? 1 : 0)),
    )
  }
}
