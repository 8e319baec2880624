import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatTracestate, parseTracestate } from './tracestate.ts'

describe('parseTracestate', () => {
  it.each([
    ['foo=1', [['foo', '1']]],
    ['foo=1,bar=2', [['foo', '1'], ['bar', '2']]], // prettier-ignore
    [' foo=1 \t,\t bar=2 ', [['foo', '1'], ['bar', '2']]], // prettier-ignore
    ['foo=1,,bar=2,', [['foo', '1'], ['bar', '2']]], // prettier-ignore
    ['fw529a3039@dt=FfAAIQ', [['fw529a3039@dt', 'FfAAIQ']]],
    ['0tenant@system=a b', [['0tenant@system', 'a b']]],
    [`${'z'.repeat(256)}=1`, [['z'.repeat(256), '1']]],
    [`a=${'v'.repeat(256)}`, [['a', 'v'.repeat(256)]]],
    ['foo= 1', [['foo', ' 1']]],
    ['', []],
  ])('reads %j', (header, expected) => {
    expect(parseTracestate(header)?.map(({ key, value }) => [key, value])).toEqual(expected)
  })

  it.each([
    ['foo', 'has no value'],
    ['foo=', 'has an empty value'],
    ['=1', 'has no key'],
    ['foo=1=2', 'has two equals signs'],
    ['FOO=1', 'has a key in upper case'],
    ['foo bar=1', 'has a space in its key'],
    ['0foo=1', 'begins with a digit without a tenant'],
    ['foo@=1', 'has no system'],
    ['@foo=1', 'has no tenant'],
    ['a@b@c=1', 'has two tenants'],
    [`${'z'.repeat(257)}=1`, 'has a long key'],
    [`${'t'.repeat(242)}@v=1`, 'has a long tenant'],
    [`t@${'v'.repeat(15)}=1`, 'has a long system'],
    [`a=${'v'.repeat(257)}`, 'has a long value'],
    ['foo=1,foo=2', 'has a key twice'],
    ['foo=bär', 'has a character beyond ASCII'],
    ['foo=1,b\u0000=2', 'has a control character'],
    [Array.from({ length: 33 }, (_, index) => `k${index}=1`).join(), 'has 33 entries'],
  ])('drops %j, which %s', (header) => {
    expect(parseTracestate(header)).toBeUndefined()
  })

  it('reads 32 entries', () => {
    expect(parseTracestate(Array.from({ length: 32 }, (_, index) => `k${index}=1`).join())).toHaveLength(32)
  })

  it('survives anything, and what it takes comes back as it was', () => {
    const likely = fc.string({ unit: fc.constantFrom('a', 'b', '1', '@', '=', ',', ' ', '\t', '*', 'Z', '\n', 'é') })
    fc.assert(
      fc.property(fc.oneof(likely, fc.string({ unit: 'binary' })), (header) => {
        const entries = parseTracestate(header)
        if (entries !== undefined) expect(parseTracestate(formatTracestate(entries))).toEqual(entries)
      }),
      { numRuns: 5_000 },
    )
  })

  it('takes no longer for hostile text', () => {
    const began = performance.now()
    for (const part of ['a', 'a@', ' ', '\t', '=', ',', 'a=', ' a']) parseTracestate(part.repeat(200_000))
    expect(performance.now() - began).toBeLessThan(5_000)
  })
})
