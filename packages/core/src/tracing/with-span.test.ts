import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { SeededRandom } from '../testing/random/seeded-random.ts'
import { currentTrace, withTrace } from './current-trace.ts'
import { extract, inject } from './propagation.ts'
import { useSpanRecorder } from './recorder.ts'
import type { SpanRecorder } from './span.ts'
import type { TraceContext } from './trace-context.ts'
import { startTrace } from './trace-context.ts'
import { traceExemplar } from './trace-exemplar.ts'
import { withSpan } from './with-span.ts'

const incoming: TraceContext = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  sampled: true,
  traceState: 'foo=1,bar=2',
}
const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('withTrace', () => {
  it('is seen through awaits and timers, and only inside', async () => {
    expect(currentTrace()).toBeUndefined()
    const seen = await withTrace(incoming, async () => {
      await tick()
      await new Promise((resolve) => setTimeout(resolve, 1))
      return currentTrace()
    })
    expect(seen).toBe(incoming)
    expect(currentTrace()).toBeUndefined()
  })

  it('keeps traces apart that run at the same time', async () => {
    const random = new SeededRandom(3)
    const contexts = Array.from({ length: 50 }, () => startTrace({ random }))
    const seen = contexts.map((context, index) =>
      withTrace(context, async () => {
        for (let turn = 0; turn < index % 5; turn++) await tick()
        return withSpan('inner', {}, async () => (await tick(), currentTrace()?.traceId))
      }),
    )
    expect(await Promise.all(seen)).toEqual(contexts.map(({ traceId }) => traceId))
  })

  it('ends when the work throws', () => {
    const failing = () =>
      withTrace(incoming, () => {
        throw new Error('no')
      })
    expect(failing).toThrow('no')
    expect(currentTrace()).toBeUndefined()
  })
})

describe('withSpan where nobody records', () => {
  it('gives work in a trace a span id of its own and keeps the rest', () => {
    const random = new SeededRandom(7)
    const [outer, inner] = withTrace(incoming, () =>
      withSpan('outer', { random }, (span) => [span.context, withSpan('inner', { random }, () => currentTrace())]),
    )
    expect(outer).toMatchObject({ traceId: incoming.traceId, sampled: true, traceState: incoming.traceState })
    expect(new Set([incoming.spanId, outer?.spanId, inner?.spanId]).size).toBe(3)
  })

  it('does nothing outside a trace, and its span takes everything', async () => {
    const result = await withSpan('alone', { attributes: { a: 1 } }, async (span) => {
      span.setAttribute('b', 2)
      span.addEvent('c')
      return [span.context, span.isRecording, currentTrace(), inject({})]
    })
    expect(result).toEqual([undefined, false, undefined, {}])
  })

  it('passes on results and errors as they are, promised or not', async () => {
    expect(withSpan('sync', {}, () => 5)).toBe(5)
    const failure = new Error('no')
    await expect(withTrace(incoming, () => withSpan('async', {}, () => Promise.reject(failure)))).rejects.toBe(failure)
  })
})

describe('inject and extract', () => {
  it('carry a trace over Fetch headers, Node headers and plain objects', () => {
    const fetched = inject(new Headers({ accept: '*/*' }), incoming)
    expect([fetched.get('traceparent'), fetched.get('tracestate')]).toEqual([traceparent, 'foo=1,bar=2'])
    expect(extract(fetched)).toEqual(incoming)
    expect(extract(inject({}, incoming))).toEqual(incoming)
    expect(extract({ Traceparent: traceparent, TraceState: ['foo=1', 'bar=2'] })).toEqual(incoming)
  })

  it('replace what stood there', () => {
    const plain = inject({ TraceParent: 'old', tracestate: 'old=1' }, { ...incoming, traceState: '' })
    expect(plain).toEqual({ traceparent })
    const headers = inject(new Headers({ tracestate: 'old=1' }), { ...incoming, traceState: '' })
    expect(headers.has('tracestate')).toBe(false)
  })

  it('drop a damaged state alone, and a trace whose parent is damaged or came twice', () => {
    expect(extract({ traceparent, tracestate: 'FOO=1' })).toEqual({ ...incoming, traceState: '' })
    expect(extract({ traceparent: 'nonsense', tracestate: 'foo=1' })).toBeUndefined()
    expect(extract({ traceparent: [traceparent, traceparent] })).toBeUndefined()
    expect(extract({ tracestate: 'foo=1' })).toBeUndefined()
    expect(extract({})).toBeUndefined()
    expect(extract({ traceparent: [5] } as never)).toBeUndefined()
  })

  it('refuse to write a context that is none', () => {
    expect(() => inject({}, { ...incoming, spanId: 'x' })).toThrow(
      expect.objectContaining({ code: 'CORE_TRACING_CONTEXT_INVALID' }),
    )
  })

  it('give back every trace that can be', () => {
    fc.assert(
      fc.property(fc.integer(), fc.boolean(), (seed, sampled) => {
        const context = startTrace({ random: new SeededRandom(seed), sampled })
        expect(extract(inject({}, context))).toEqual(context)
      }),
      { numRuns: 200 },
    )
  })
})

describe('traceExemplar', () => {
  it('points to traces that are recorded', () => {
    expect(traceExemplar()).toBeUndefined()
    expect(withTrace(incoming, traceExemplar)).toEqual({ trace_id: incoming.traceId, span_id: incoming.spanId })
    expect(withTrace({ ...incoming, sampled: false }, traceExemplar)).toBeUndefined()
  })
})

describe('a recorder', () => {
  let undo: (() => void) | undefined
  afterEach(() => undo?.())

  function recorderOf(log: unknown[]): SpanRecorder {
    return {
      active: () => undefined,
      within: (context, work) => (log.push(['within', context.spanId]), work()),
      span: (name, { kind }, parent, work) => {
        log.push([name, kind, parent?.spanId])
        const context = { ...incoming, spanId: '1111111111111111' }
        return work({ context, isRecording: true, setAttribute: () => {}, addEvent: () => {} })
      },
    }
  }

  it('gets every span with its parent, and its context becomes the current one', () => {
    const log: unknown[] = []
    undo = useSpanRecorder(recorderOf(log))
    const outgoing = withTrace(incoming, () => withSpan('call', { kind: 'client' }, () => inject({})))
    expect(log).toEqual([
      ['within', incoming.spanId],
      ['call', 'client', incoming.spanId],
    ])
    expect(outgoing.traceparent).toContain('-1111111111111111-')
  })

  it('is replaced by the next one, whose undoing alone counts then', () => {
    const first: unknown[] = []
    const second: unknown[] = []
    const undoFirst = useSpanRecorder(recorderOf(first))
    undo = useSpanRecorder(recorderOf(second))
    undoFirst()
    withSpan('a', {}, () => 1)
    undo()
    withSpan('b', {}, () => 1)
    expect([first, second]).toEqual([[], [['a', undefined, undefined]]])
  })
})
