import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readLine } from './read-line.ts'
import { ObjectScanner } from './scan-object.ts'

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
