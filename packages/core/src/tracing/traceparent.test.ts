import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SeededRandom } from '../testing/random/seeded-random.ts'
import { startTrace } from './trace-context.ts'
import { formatTraceparent, parseTraceparent } from './traceparent.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const spanId = '00f067aa0ba902b7'
const valid = `00-${traceId}-${spanId}-01`

describe('parseTraceparent', () => {
  it.each([
    [valid, { traceId, spanId, sampled: true }],
    [`00-${traceId}-${spanId}-00`, { traceId, spanId, sampled: false }],
    [`00-${traceId}-${spanId}-ff`, { traceId, spanId, sampled: true }],
    [`00-${traceId}-${spanId}-02`, { traceId, spanId, sampled: false }],
    [`01-${traceId}-${spanId}-01`, { traceId, spanId, sampled: true }],
    [`cc-${traceId}-${spanId}-01-what-the-future-brings`, { traceId, spanId, sampled: true }],
  ])('reads %s', (header, expected) => {
    expect(parseTraceparent(header)).toEqual(expected)
  })

  // The cases of the W3C validation service (trace-context/test/test.py) that concern this header.
  it.each([
    ['', 'is empty'],
    [`ff-${traceId}-${spanId}-01`, 'has the version that is forbidden'],
    [`${valid}-`, 'is longer than version 00 allows'],
    [`${valid}-extra`, 'is longer than version 00 allows'],
    [`cc-${traceId}-${spanId}-01.extra`, 'goes on without a dash in a later version'],
    [`00-${'0'.repeat(32)}-${spanId}-01`, 'has a trace id of zeros'],
    [`00-${traceId}-${'0'.repeat(16)}-01`, 'has a span id of zeros'],
    [`00-${traceId.toUpperCase()}-${spanId}-01`, 'has upper case'],
    [`0-${traceId}-${spanId}-01`, 'has a short version'],
    [`000-${traceId}-${spanId}-01`, 'has a long version'],
    [`0.-${traceId}-${spanId}-01`, 'has a version with another character'],
    [`00-${traceId.slice(1)}-${spanId}-01`, 'has a short trace id'],
    [`00-${traceId}0-${spanId}-01`, 'has a long trace id'],
    [`00-${traceId}-${spanId.slice(1)}-01`, 'has a short span id'],
    [`00-${traceId}-${spanId}0-01`, 'has a long span id'],
    [`00-${traceId}-${spanId}-1`, 'has short flags'],
    [`00-${traceId}-${spanId}-001`, 'has long flags'],
    [`00-${traceId}-${spanId}-0G`, 'has flags with another character'],
    [`00_${traceId}_${spanId}_01`, 'has other separators'],
    [`00-${traceId}-${spanId}`, 'has no flags'],
    [` ${valid}`, 'begins with a space'],
    [`${valid}\n`, 'ends with a line feed'],
    [`${valid},${valid}`, 'came twice'],
  ])('refuses %s, which %s', (header) => {
    expect(parseTraceparent(header)).toBeUndefined()
  })

  it('survives anything: what it takes is valid when it is written again', () => {
    const mutated = fc
      .tuple(fc.nat(valid.length), fc.nat(3), fc.string({ unit: 'binary', maxLength: 3 }))
      .map(([start, length, text]) => valid.slice(0, start) + text + valid.slice(start + length))
    fc.assert(
      fc.property(fc.oneof(mutated, fc.string({ unit: 'binary' })), (header) => {
        const parsed = parseTraceparent(header)
        if (parsed === undefined) return
        expect(parseTraceparent(formatTraceparent(parsed))).toEqual(parsed)
        expect(header.slice(3, 52)).toBe(formatTraceparent(parsed).slice(3, 52))
      }),
      { numRuns: 5_000 },
    )
  })
})

describe('formatTraceparent', () => {
  it('gives back what was parsed', () => {
    expect(formatTraceparent(parseTraceparent(valid)!)).toBe(valid)
  })

  it.each([
    [{ traceId: 'x', spanId, sampled: true }, 'traceId'],
    [{ traceId: '0'.repeat(32), spanId, sampled: true }, 'traceId'],
    [{ traceId, spanId: `${spanId}\r\nx: y`, sampled: true }, 'spanId'],
    [{ traceId, spanId: '0'.repeat(16), sampled: true }, 'spanId'],
  ])('refuses %o', (context, field) => {
    expect(() => formatTraceparent(context)).toThrow(
      expect.objectContaining({ code: 'CORE_TRACING_CONTEXT_INVALID', details: { field } }),
    )
  })
})

describe('startTrace', () => {
  it('makes ids that every receiver takes, even from the worst chance', () => {
    const zeros = { uint32: () => 0, bytes: (length: number) => new Uint8Array(length) }
    const random = new SeededRandom(1)
    const contexts = [startTrace({ random: zeros }), ...Array.from({ length: 500 }, () => startTrace({ random }))]
    for (const context of contexts)
      expect(parseTraceparent(formatTraceparent(context))).toMatchObject({ sampled: false })
    expect(new Set(contexts.map((context) => context.traceId)).size).toBe(501)
    expect(startTrace({ sampled: true })).toMatchObject({ sampled: true, traceState: '' })
  })
})
