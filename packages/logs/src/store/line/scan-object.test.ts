import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readLine } from './read-line.ts'
import { ObjectScanner, type ScannedForm } from './scan-object.ts'

const scanner = new ObjectScanner({ holes: 1_000, depth: 64 })

function isScanned(text: string): boolean {
  const bytes = Buffer.from(text)
  return scanner.scan(bytes, 0, bytes.length)
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return text.startsWith('{') && text.endsWith('}') && typeof value === 'object'
  } catch {
    return false
  }
}

describe('the scanner of objects', () => {
  it('takes what JSON.parse takes, and nothing else', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"a"',
      '"\\n"',
      '"\\u12',
      '"',
      '1',
      '-',
      '0',
      '01',
      '1.',
      '.5',
      'e5',
      '1e5',
      'true',
      'nul',
      'null',
      ' ',
      '\n',
      '\\',
      '\u0001',
    ]
    const garbage = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => `{${parts.join('')}}`)
    const json = fc
      .object({ maxDepth: 4, withUnicodeString: true } as object)
      .map((value) => JSON.stringify(value, null, 1))
    fc.assert(
      fc.property(fc.oneof(garbage, json), (text) => {
        expect(isScanned(text)).toBe(isObject(text))
      }),
      { numRuns: 2_000 },
    )
  })

  it('gives up beyond its limits without saying that it is no object', () => {
    const small = new ObjectScanner({ holes: 2, depth: 2 })
    const scan = (text: string) => [small.scan(Buffer.from(text), 0, text.length), small.isTooComplex]
    expect(scan('{"a":1,"b":2}')).toEqual([true, false])
    expect(scan('{"a":1,"b":2,"c":3}')).toEqual([false, true])
    expect(scan('{"a":{"b":{"c":1}}}')).toEqual([false, true])
    expect(scan('{"a":1')).toEqual([false, false])
  })
})

describe('the scanner of lines like one before', () => {
  const other = new ObjectScanner({ holes: 1_000, depth: 64 })
  /** What the first line has around its values. */
  const formOf = (line: Buffer): ScannedForm => {
    scanner.scan(line, 0, line.length)
    const parts: Buffer[] = []
    let at = 0
    for (let hole = 0; hole <= scanner.count; hole++) {
      const isLast = hole === scanner.count
      parts.push(line.subarray(at, isLast ? line.length : scanner.starts[hole]))
      at = isLast ? line.length : scanner.ends[hole]!
    }
    const offsets = new Uint32Array(parts.length + 1)
    for (const [index, { length }] of parts.entries()) offsets[index + 1] = offsets[index]! + length
    const texts = Uint8Array.from(scanner.kinds.subarray(0, scanner.count), (kind) => ((kind & 0x7f) === 1 ? 1 : 0))
    return { pieces: Buffer.concat(parts), offsets, texts, isWide: line.some((byte) => byte > 0x7f) }
  }
  const holesOf = ({ count, starts, ends, kinds }: ObjectScanner) =>
    Array.from({ length: count }, (_, hole) => [starts[hole], ends[hole], kinds[hole]])

  it('finds the same values as the one that knows nothing, or leaves the line to it', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(0, -1.5e300, 12, true, false, null, '', '"', '\\', [], {}),
    )
    const line = fc
      .record({ a: value, 'b"': fc.string({ maxLength: 3 }), c: fc.tuple(value) })
      .map((fields) => JSON.stringify(fields))
    const spoilt = fc.tuple(line, fc.nat(), fc.nat({ max: 255 })).map(([text, place, byte]) => {
      const bytes = Buffer.from(text)
      bytes[place % bytes.length] = byte
      return bytes
    })
    let same = 0
    fc.assert(
      fc.property(
        line,
        fc.oneof(
          line.map((text) => Buffer.from(text)),
          spoilt,
        ),
        (first, second) => {
          const form = formOf(Buffer.from(first))
          // Something stands behind the line that it could be confused with.
          const bytes = Buffer.concat([second, Buffer.from('1"}')])
          const isSame = other.scanAs(form, bytes, 0, second.length)
          const isObjectToo = scanner.scan(bytes, 0, second.length)
          if (!isSame) return
          same++
          expect(isObjectToo).toBe(true)
          expect(holesOf(other)).toEqual(holesOf(scanner))
          expect(other.hasWideBytes || !scanner.hasWideBytes).toBe(true)
        },
      ),
      { numRuns: 5_000 },
    )
    expect(same).toBeGreaterThan(500)
  })
})

describe('the values of a line', () => {
  it('are those of the parsed object, by path, texts resolved', () => {
    const line = '{"a":{"b.c":[1,{"d":"x\\ny"}],"e":null},"":{"f":true},"a":-0.50}'
    expect(readLine(Buffer.from(line))).toEqual([
      { path: 'a.b.c', value: '1', isText: false },
      { path: 'a.b.c.d', value: 'x\ny', isText: true },
      { path: 'f', value: 'true', isText: false },
      { path: 'a', value: '-0.50', isText: false },
    ])
  })

  it('of text is the text', () => {
    for (const text of ['', 'plain', '[1]', '{"a":}', '{'])
      expect(readLine(Buffer.from(text))).toEqual([{ path: 'msg', value: text, isText: true }])
  })

  it('are read from hostile objects in no time', () => {
    const deep = `${'{"a":['.repeat(50_000)}${']}'.repeat(50_000)}`
    expect(readLine(Buffer.from(deep))).toHaveLength(1)
    const wide = JSON.stringify(
      Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`field${index}`, index])),
    )
    expect(readLine(Buffer.from(wide))).toHaveLength(10_000)
  })
})
