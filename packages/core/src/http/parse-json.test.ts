import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from './parse-json.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const refusal = (text: string): string => {
  try {
    parseJson(bytes(text))
    return 'accepted'
  } catch (error) {
    return (error as Error).message
  }
}

describe('parseJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, undefined, space)
        if (text.includes('__proto__')) return
        expect(parseJson(bytes(text))).toEqual(JSON.parse(text))
      }),
      { numRuns: 500 },
    )
  })

  it('refuses what JSON.parse refuses, and says where', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('{', '}', '[', ']', '"', ',', ':', 'a', '1', '\\', 'null', ' '), { maxLength: 10 }),
        (parts) => {
          const text = parts.join('')
          let valid = true
          try {
            JSON.parse(text)
          } catch {
            valid = false
          }
          expect(refusal(text) === 'accepted').toBe(valid)
        },
      ),
      { numRuns: 1_000 },
    )
    expect(refusal('{"a":1,}')).toContain('at character 7')
    expect(refusal('{"a":secret}')).not.toContain('secret')
    expect(refusal('{"a":')).toContain('ends too early')
    expect(refusal(' \n')).toContain('it is empty')
  })

  it('counts levels outside of text alone', () => {
    const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`
    expect([refusal(nested(64)), refusal(nested(65))]).toEqual(['accepted', expect.stringContaining('deeper than 64')])
    expect(refusal(`[${'[],'.repeat(1_000)}[]]`)).toBe('accepted')
    expect(refusal(JSON.stringify(['['.repeat(100), '\\"['.repeat(100), '\\']))).toBe('accepted')
    expect(refusal('{"a":'.repeat(1_000_000))).toContain('deeper than 64')
  })

  it('refuses keys that would reach a prototype, at any depth and in any spelling', () => {
    for (const key of ['__proto__', '\\u005f_proto__', '__\\u0070roto__', '_\\u005Fproto_\\u005f'])
      for (const text of [`{"${key}":1}`, `[{"a":{"${key}" \n: {}}}]`])
        expect(refusal(text), text).toContain('__proto__')
    expect(refusal('{"a":"__proto__","proto":1,"constructor":{"prototype":1}}')).toBe('accepted')
  })

  it('refuses bytes that are no UTF-8', () => {
    for (const part of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80]])
      expect(() => parseJson(Uint8Array.of(0x22, ...part, 0x22))).toThrow(/not UTF-8/)
  })
})
