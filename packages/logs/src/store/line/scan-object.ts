/** How much of a line is understood. */
export interface ScanLimits {
  /** Values. */
  readonly holes: number
  /** Objects and arrays in each other. */
  readonly depth: number
}

/** What a hole in a skeleton holds: the body of a JSON string, escapes and all, or a bare number, `true`, `false` or `null`. */
export const holeKinds = { string: 1, number: 2, literal: 3 } as const

/** What all lines of a form have in common. */
export interface ScannedForm {
  /** Everything but the values, one piece behind the other, and where each begins; one more for the end. */
  readonly pieces: Uint8Array
  readonly offsets: Uint32Array
  /** 1 for each value that is a string, 0 for others. */
  readonly texts: Uint8Array
  /** Whether some byte of the pieces is beyond ASCII. */
  readonly isWide: boolean
}

const quote = 0x22
const backslash = 0x5c

/**
 * Finds the values of a JSON object (RFC 8259) in its bytes, strictly: what JSON.parse refuses is refused here. What is not
 * a value is the line's skeleton: two lines with the same keys, order and blanks have the same. One pass, nothing allocated:
 * every line of the store comes through here.
 */
export class ObjectScanner {
  readonly limits: ScanLimits
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** Kind of each hole; the highest bit is set for a string with escapes. */
  readonly kinds: Uint8Array
  count = 0
  /** Of the skeleton, and of which holes hold strings. */
  hash = 0
  /** Whether some byte is beyond ASCII: then somebody has to look whether it is UTF-8. */
  hasWideBytes = false
  /** Whether it failed because of a limit, not because it is no JSON object. */
  isTooComplex = false
  readonly #isArray: Uint8Array

  constructor(limits: ScanLimits) {
    this.limits = limits
    this.starts = new Int32Array(limits.holes)
    this.ends = new Int32Array(limits.holes)
    this.kinds = new Uint8Array(limits.holes)
    this.#isArray = new Uint8Array(limits.depth + 1)
  }

  /** Whether the bytes are one JSON object that begins and ends with its braces. */
  scan(bytes: Uint8Array, start: number, end: number): boolean {
    this.count = 0
    this.isTooComplex = false
    this.hasWideBytes = false
    if (end - start < 2 || bytes[start] !== 0x7b || bytes[end - 1] !== 0x7d) return false
    const { starts, ends, kinds } = this
    const { holes: mostHoles, depth: mostDepth } = this.limits
    const isArray = this.#isArray
    let wide = 0
    let hash = 0x811c_9dc5
    let depth = 1
    isArray[1] = 0
    let at = start + 1
    let count = 0
    /** 0 a key or the end of an object, 1 a key, 2 a value or the end of an array, 3 a value, 4 a comma or an end. */
    let expects = 0
    while (at < end) {
      const byte = bytes[at]!
      if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
        hash = Math.imul(hash ^ byte, 0x0100_0193)
        at++
        continue
      }
      if (expects === 4) {
        if (byte === 0x2c) expects = isArray[depth] === 1 ? 3 : 1
        else if (byte === (isArray[depth] === 1 ? 0x5d : 0x7d)) {
          depth--
          if (depth === 0) {
            this.hash = Math.imul(hash ^ byte, 0x0100_0193)
            this.count = count
            this.hasWideBytes = wide > 0x7f
            return at === end - 1
          }
        } else return false
        hash = Math.imul(hash ^ byte, 0x0100_0193)
        at++
        continue
      }
      if (expects < 2) {
        if (byte === 0x7d && expects === 0) {
          expects = 4
          continue
        }
        if (byte !== quote) return false
        const keyEnd = skipString(bytes, at + 1, end)
        if (keyEnd < 0) return false
        for (; at <= keyEnd; at++) {
          const part = bytes[at]!
          wide |= part
          hash = Math.imul(hash ^ part, 0x0100_0193)
        }
        while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09)
          hash = Math.imul(hash ^ bytes[at++]!, 0x0100_0193)
        if (bytes[at] !== 0x3a) return false
        hash = Math.imul(hash ^ 0x3a, 0x0100_0193)
        at++
        expects = 3
        continue
      }
      if (byte === 0x5d && expects === 2) {
        expects = 4
        continue
      }
      if (byte === 0x7b || byte === 0x5b) {
        if (depth === mostDepth) return this.#tooComplex()
        depth++
        isArray[depth] = byte === 0x5b ? 1 : 0
        hash = Math.imul(hash ^ byte, 0x0100_0193)
        expects = byte === 0x5b ? 2 : 0
        at++
        continue
      }
      if (count === mostHoles) return this.#tooComplex()
      if (byte === quote) {
        let escapes = 0
        const from = ++at
        for (;;) {
          if (at >= end) return false
          const part = bytes[at]!
          if (part === quote) break
          if (part < 0x20) return false
          if (part === backslash) {
            const length = escapeLength(bytes, at, end)
            if (length === 0) return false
            escapes = 0x80
            at += length
            continue
          }
          wide |= part
          at++
        }
        starts[count] = from
        ends[count] = at
        kinds[count] = holeKinds.string | escapes
        hash = Math.imul(hash ^ 0x101, 0x0100_0193)
        at++
      } else {
        const to = byte === 0x2d || (byte >= 0x30 && byte <= 0x39) ? numberEnd(bytes, at) : literalEnd(bytes, at, end)
        if (to === 0 || to > end) return false
        starts[count] = at
        ends[count] = to
        kinds[count] = byte === 0x2d || byte <= 0x39 ? holeKinds.number : holeKinds.literal
        // Numbers and literals can stand in the same place of a form.
        hash = Math.imul(hash ^ 0x102, 0x0100_0193)
        at = to
      }
      count++
      expects = 4
    }
    return false
  }

  /**
   * The same for bytes that may be of a form that is known: most lines are of that of a line before. Then nothing has to be
   * worked out but the ends of the values. False says nothing.
   */
  scanAs(form: ScannedForm, bytes: Uint8Array, start: number, end: number): boolean {
    const { pieces, offsets, texts } = form
    const { starts, ends, kinds } = this
    const count = texts.length
    let wide = 0
    let at = start
    for (let hole = 0; ; hole++) {
      const to = offsets[hole + 1]!
      if (end - at < to - offsets[hole]!) return false
      for (let from = offsets[hole]!; from < to; from++) if (pieces[from] !== bytes[at++]) return false
      if (hole === count) break
      starts[hole] = at
      if (texts[hole] === 1) {
        let escapes = 0
        for (;;) {
          if (at >= end) return false
          const part = bytes[at]!
          if (part === quote) break
          if (part < 0x20) return false
          if (part === backslash) {
            const length = escapeLength(bytes, at, end)
            if (length === 0) return false
            escapes = 0x80
            at += length
            continue
          }
          wide |= part
          at++
        }
        kinds[hole] = holeKinds.string | escapes
      } else {
        const byte = bytes[at]!
        const isNumber = byte === 0x2d || (byte >= 0x30 && byte <= 0x39)
        at = isNumber ? numberEnd(bytes, at) : literalEnd(bytes, at, end)
        if (at === 0 || at > end) return false
        kinds[hole] = isNumber ? holeKinds.number : holeKinds.literal
      }
      ends[hole] = at
    }
    this.count = count
    this.isTooComplex = false
    this.hasWideBytes = form.isWide || wide > 0x7f
    return at === end
  }

  #tooComplex(): boolean {
    this.isTooComplex = true
    return false
  }
}

/** Where the closing quote stands; -1 for a string that is none. */
function skipString(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end) {
    const byte = bytes[at]!
    if (byte === quote) return at
    if (byte < 0x20) return -1
    if (byte === backslash) {
      const length = escapeLength(bytes, at, end)
      if (length === 0) return -1
      at += length
    } else at++
  }
  return -1
}

/** Bytes of the escape at `at`; 0 where there is none. */
function escapeLength(bytes: Uint8Array, at: number, end: number): number {
  const byte = bytes[at + 1]
  if (byte === 0x75) {
    if (at + 6 > end) return 0
    for (let digit = at + 2; digit < at + 6; digit++) if (!isHexDigit(bytes[digit]!)) return 0
    return 6
  }
  // " \ / b f n r t
  return byte === 0x22 ||
    byte === 0x5c ||
    byte === 0x2f ||
    byte === 0x62 ||
    byte === 0x66 ||
    byte === 0x6e ||
    byte === 0x72 ||
    byte === 0x74
    ? 2
    : 0
}

function isHexDigit(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66)
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}

/** Where the number that begins at `at` ends; 0 where it is none. */
function numberEnd(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === 0x2d ? start + 1 : start
  if (!isDigit(bytes[at])) return 0
  if (bytes[at] === 0x30) at++
  else while (isDigit(bytes[at])) at++
  if (bytes[at] === 0x2e) {
    if (!isDigit(bytes[++at])) return 0
    while (isDigit(bytes[at])) at++
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    at++
    if (bytes[at] === 0x2b || bytes[at] === 0x2d) at++
    if (!isDigit(bytes[at])) return 0
    while (isDigit(bytes[at])) at++
  }
  return at
}

const literals: readonly Uint8Array[] = ['true', 'false', 'null'].map((text) => Buffer.from(text))

function literalEnd(bytes: Uint8Array, at: number, end: number): number {
  for (const literal of literals) {
    let length = 0
    while (length < literal.length && at + length < end && bytes[at + length] === literal[length]) length++
    if (length === literal.length) return at + length
  }
  return 0
}
