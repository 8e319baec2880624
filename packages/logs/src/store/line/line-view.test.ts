import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tokensOf } from './character-classes.ts'
import { LineView } from './line-view.ts'
import { readLine } from './read-line.ts'

const word = fc.constantFrom(
  'failed',
  'Failed',
  'FAILED at',
  'über',
  'K',
  'x_1',
  '5',
  '',
  'say "hi"',
  '\\',
  '\n',
  'null',
)
const value = fc.oneof(word, fc.integer(), fc.constantFrom(true, false, null, -0.5), fc.array(word, { maxLength: 2 }))
const line = fc.oneof(
  fc
    .dictionary(
      fc.constantFrom('a', 'msg', 'b.c', '', 'failed', '__proto__'),
      fc.oneof(value, fc.dictionary(word, value)),
    )
    .map((fields) => JSON.stringify(fields)),
  word,
  fc.constantFrom(String.raw`{"a":"\u0066ailed"}`, '{"a":}', '[1]', '{}', '{"a":nul}'),
  fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
)

/** All values that a view shows, of some fields or of all. */
function shown(view: LineView, fields?: readonly string[]) {
  const values: { value: string; isText: boolean }[] = []
  view.some(fields, (each, isText) => {
    values.push({ value: each, isText })
    return false
  })
  return values
}

describe('a view of lines', () => {
  it('shows the values that reading a line gives, whatever lines came before and stand around', () => {
    const view = new LineView()
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), (lines) => {
        for (const text of [...lines, ...lines]) {
          const bytes = Buffer.from(`"${text}"}`)
          const end = bytes.length - 2
          view.show(bytes, 1, end)
          const values = readLine(bytes.subarray(1, end))
          expect(shown(view)).toEqual(values.map(({ value: each, isText }) => ({ value: each, isText })))
          const fields = ['msg', 'a']
          const some = values.filter(({ path }) => fields.includes(path))
          expect(shown(view, fields)).toEqual(some.map(({ value: each, isText }) => ({ value: each, isText })))
          for (const token of values.flatMap((each) => tokensOf(each.value))) expect(view.mayHave(token)).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('says that a token is not there, and asks no further than to the first value that passes', () => {
    const view = new LineView()
    const bytes = Buffer.from('{"a":"Timeout of API","b":2}')
    view.show(bytes, 0, bytes.length)
    expect(['timeout', 'api', 'b', 'failed'].map((token) => view.mayHave(token))).toEqual([true, true, true, false])
    const asked: string[] = []
    expect(view.some(undefined, (each) => asked.push(each) > 0)).toBe(true)
    expect(asked).toEqual(['Timeout of API'])
    expect(view.some(['c'], () => true)).toBe(false)
  })

  it('remembers few forms, and none of very long lines', () => {
    const view = new LineView()
    for (let round = 0; round < 2; round++)
      for (let n = 0; n < 100; n++) {
        const bytes = Buffer.from(`{"k${n}":${n},"x":"${n === 50 ? 'y'.repeat(20_000) : 'y'}"}`)
        view.show(bytes, 0, bytes.length)
        expect(shown(view, [`k${n}`])).toEqual([{ value: String(n), isText: false }])
      }
  })
})
