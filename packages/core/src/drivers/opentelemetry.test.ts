import * as api from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  InMemorySpanExporter,
  ParentBasedSampler,
  AlwaysOnSampler,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { currentTrace, extract, inject, startTrace, withSpan, withTrace } from '../tracing/index.ts'
import { useOpenTelemetry } from './opentelemetry.ts'

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7'
const exporter = new InMemorySpanExporter()
let stop = (): void => {}

function registerSdk({ contexts = true } = {}): void {
  const provider = new TracerProvider({
    sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  })
  api.trace.setGlobalTracerProvider(provider)
  if (contexts) api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
}

beforeEach(async () => {
  exporter.reset()
  stop = await useOpenTelemetry({ name: 'shop', version: '1.2.3' })
})

afterEach(() => {
  stop()
  api.trace.disable()
  api.context.disable()
})

const spans = () => exporter.getFinishedSpans()
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('spans through the OpenTelemetry SDK', () => {
  it('continue the trace that came with a request and go out with the next one', async () => {
    registerSdk()
    const outgoing = await withTrace(extract({ traceparent: `${traceparent}-01`, tracestate: 'foo=1' })!, () =>
      withSpan('request', { kind: 'server', attributes: { route: '/a' } }, async (span) => {
        await tick()
        span.setAttribute('status', 200)
        span.addEvent('read', { bytes: 3 })
        return withSpan('call', { kind: 'client' }, async () => (await tick(), inject({})))
      }),
    )
    const [call, request] = spans()
    expect(request).toMatchObject({
      name: 'request',
      kind: api.SpanKind.SERVER,
      attributes: { route: '/a', status: 200 },
      parentSpanContext: { spanId: '00f067aa0ba902b7', isRemote: true },
    })
    expect(request!.events).toMatchObject([{ name: 'read', attributes: { bytes: 3 } }])
    expect(call!.parentSpanContext?.spanId).toBe(request!.spanContext().spanId)
    expect(call!.instrumentationScope).toMatchObject({ name: 'shop', version: '1.2.3' })
    expect(outgoing).toEqual({
      traceparent: `00-4bf92f3577b34da6a3ce929d0e0e4736-${call!.spanContext().spanId}-01`,
      tracestate: 'foo=1',
    })
  })

  it('keep to the decision of the caller not to sample', () => {
    registerSdk()
    const outgoing = withTrace(extract({ traceparent: `${traceparent}-00` })!, () =>
      withSpan('quiet', {}, (span) => [span.isRecording, inject({}).traceparent]),
    )
    expect(outgoing).toEqual([false, expect.stringMatching(/^00-4bf92f3577b34da6a3ce929d0e0e4736-.*-00$/)])
    expect(spans()).toEqual([])
  })

  it('meet those that others begin, both ways', () => {
    registerSdk()
    const tracer = api.trace.getTracer('other')
    tracer.startActiveSpan('theirs', (theirs) => {
      expect(currentTrace()?.spanId).toBe(theirs.spanContext().spanId)
      withSpan('ours', {}, () => tracer.startSpan('within ours').end())
      theirs.end()
    })
    const [within, ours, theirs] = spans()
    expect(within!.parentSpanContext?.spanId).toBe(ours!.spanContext().spanId)
    expect(ours!.parentSpanContext?.spanId).toBe(theirs!.spanContext().spanId)
  })

  it('begin anew inside a trace that is brought in below another span', () => {
    registerSdk()
    const other = startTrace({ sampled: true })
    withSpan('consumer', {}, () => withTrace(other, () => withSpan('message', {}, () => {})))
    const [message, consumer] = spans()
    expect(message!.spanContext().traceId).toBe(other.traceId)
    expect(consumer!.spanContext().traceId).not.toBe(other.traceId)
  })

  it.each([
    ['thrown', () => withSpan('bad', {}, () => raise(new TypeError('no')))],
    ['rejected', () => withSpan('bad', {}, () => Promise.reject(new TypeError('no')))],
  ])('carry an error that was %s, and end', async (_, run) => {
    registerSdk()
    await expect((async () => run())()).rejects.toThrow('no')
    expect(spans()).toMatchObject([
      {
        name: 'bad',
        status: { code: api.SpanStatusCode.ERROR, message: 'no' },
        events: [{ name: 'exception' }],
        ended: true,
      },
    ])
  })

  it('carry what is thrown and no error', async () => {
    registerSdk()
    await expect(withSpan('odd', {}, () => Promise.reject('text'))).rejects.toBe('text')
    expect(spans()[0]!.events[0]!.attributes).toMatchObject({ 'exception.message': 'text' })
  })

  it('are connected without a context manager, too', () => {
    registerSdk({ contexts: false })
    withTrace(extract({ traceparent: `${traceparent}-01` })!, () =>
      withSpan('a', {}, () => withSpan('b', {}, () => {})),
    )
    const [inner, outer] = spans()
    expect(outer!.parentSpanContext?.spanId).toBe('00f067aa0ba902b7')
    expect(inner!.parentSpanContext?.spanId).toBe(outer!.spanContext().spanId)
  })
})

describe('without an SDK', () => {
  it('the trace is passed on and nothing breaks', async () => {
    const outgoing = await withTrace(extract({ traceparent: `${traceparent}-01` })!, () =>
      withSpan('nobody', {}, async () => (await tick(), inject({}))),
    )
    expect(outgoing.traceparent).toBe(`${traceparent}-01`)
    expect(withSpan('outside', {}, (span) => [span.context, inject({})])).toEqual([undefined, {}])
  })

  it('one that is registered later is used', () => {
    withSpan('before', {}, () => {})
    registerSdk()
    withSpan('after', {}, () => {})
    expect(spans().map(({ name }) => name)).toEqual(['after'])
  })

  it('undoing ends the recording', () => {
    registerSdk()
    stop()
    withSpan('unseen', {}, () => {})
    expect(spans()).toEqual([])
  })
})

function raise(error: Error): never {
  throw error
}
