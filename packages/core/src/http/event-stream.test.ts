import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { eventStream, formatEvent, type ServerSentEvent } from './event-stream.ts'

/** What a browser would make of the text, after the standard's parsing rules. */
function parse(text: string): { data: string; event: string; id: string }[] {
  const events: { data: string; event: string; id: string }[] = []
  let [data, event, id] = ['', '', '']
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line === '') {
      if (data !== '') events.push({ data: data.slice(0, -1), event, id })
      ;[data, event] = ['', '']
    }
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? []
    if (name === 'data') data += `${value}\n`
    if (name === 'event') event = value
    if (name === 'id') id = value
  }
  return events
}

describe('formatEvent', () => {
  it('never lets a value become a field or an event of its own', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\r', '\n', ':', ' ', 'data: x', 'event: y', '\0') })
    fc.assert(
      fc.property(text, text, text, (data, event, id) => {
        const clean = (value: string): string => value.replace(/[\r\n\0]/g, '')
        const events = parse(formatEvent({ data, event, id }))
        expect(events).toHaveLength(1)
        expect(events[0]!.data).toBe(data.replace(/\r\n|\r/g, '\n'))
        expect([events[0]!.event, events[0]!.id]).toEqual([clean(event), clean(id)])
      }),
      { numRuns: 200, examples: [['x', 'a\ndata: evil', '1']] },
    )
  })

  it('writes objects as JSON and the time to come back', () => {
    expect(formatEvent({ data: { a: 1 }, retry: 10.4 })).toBe('retry: 10\ndata: {"a":1}\n\n')
    expect(formatEvent({ data: undefined })).toBe('data: \n\n')
  })
})

describe('eventStream', () => {
  const decoder = new TextDecoder()

  it('asks for the next event only when there is room, and returns the iterable when the client leaves', async () => {
    let made = 0
    const returned = vi.fn<() => void>()
    async function* events(): AsyncGenerator<ServerSentEvent> {
      try {
        for (;;) yield { data: made++ }
      } finally {
        returned()
      }
    }
    const reader = eventStream(events()).body!.getReader()
    expect(decoder.decode((await reader.read()).value)).toBe('data: 0\n\n')
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(made).toBe(1)
    await reader.cancel()
    expect(returned).toHaveBeenCalledOnce()
  })

  it('sends heartbeats while nothing happens, and loses no event over them', async () => {
    const clock = new SimulatedClock()
    let emit = (_: ServerSentEvent): void => {}
    async function* events(): AsyncGenerator<ServerSentEvent> {
      yield await new Promise<ServerSentEvent>((resolve) => (emit = resolve))
    }
    const reader = eventStream(events(), { clock, heartbeat: '10s' }).body!.getReader()
    const first = reader.read()
    await clock.advanceBy(10_000)
    expect(decoder.decode((await first).value)).toBe(': \n\n')
    const second = reader.read()
    emit({ data: 'x' })
    expect(decoder.decode((await second).value)).toBe('data: x\n\n')
    expect((await reader.read()).done).toBe(true)
  })

  it('ends with its signal, also before it began, and leaves no listener', async () => {
    async function* never(): AsyncGenerator<ServerSentEvent> {
      yield await new Promise<ServerSentEvent>(() => {})
    }
    const controller = new AbortController()
    const pending = eventStream(never(), { signal: controller.signal }).text()
    controller.abort()
    expect(await pending).toBe('')
    expect(await eventStream(never(), { signal: AbortSignal.abort() }).text()).toBe('')
  })

  it('sends bytes as they are, between other events', async () => {
    const bytes = new TextEncoder().encode('data: "ä"\n\ndata: 2\n\n')
    async function* events(): AsyncGenerator<ServerSentEvent | Uint8Array<ArrayBuffer>> {
      yield { data: 1 }
      yield bytes
      yield { data: 3 }
    }
    expect(await eventStream(events()).text()).toBe('data: 1\n\ndata: "ä"\n\ndata: 2\n\ndata: 3\n\n')
  })

  it('asks for nothing when it is over before it began', async () => {
    const asked = vi.fn<() => void>()
    async function* events(): AsyncGenerator<ServerSentEvent> {
      asked()
      yield { data: 1 }
    }
    expect(await eventStream(events(), { signal: AbortSignal.abort() }).text()).toBe('')
    expect(asked).not.toHaveBeenCalled()
  })

  it('fails the body when the iterable fails', async () => {
    async function* broken(): AsyncGenerator<ServerSentEvent> {
      yield { data: 1 }
      throw new RangeError('broken')
    }
    await expect(eventStream(broken()).text()).rejects.toThrow('broken')
  })
})
