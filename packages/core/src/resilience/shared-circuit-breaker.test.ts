import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import type { CircuitEvent } from './circuit-breaker.ts'
import type { CircuitStore } from './circuit-store.ts'
import { memoryCircuitStore } from './memory-circuit-store.ts'
import { policy } from './policy.ts'
import { sharedCircuitBreaker, type SharedCircuitBreakerOptions } from './shared-circuit-breaker.ts'

const down = new Error('down')

/** Several processes that call one dependency, each through a network to the store that can be cut. */
function fleet(size: number, options: Partial<SharedCircuitBreakerOptions> = {}) {
  const clock = new SimulatedClock()
  const memory = memoryCircuitStore({ clock })
  return {
    clock,
    memory,
    nodes: Array.from({ length: size }, (_, index) => node(String.fromCodePoint(97 + index), memory, clock, options)),
  }
}

function node(
  instance: string,
  memory: CircuitStore,
  clock: SimulatedClock,
  options: Partial<SharedCircuitBreakerOptions>,
) {
  const link = { state: 'up' as 'up' | 'down' | 'silent', votes: 0 }
  const events: CircuitEvent[] = []
  const errors: unknown[] = []
  const store: CircuitStore = {
    vote: async (vote) => {
      link.votes++
      if (link.state === 'down') throw new Error('no route')
      if (link.state === 'silent') return new Promise(() => {})
      return memory.vote(vote)
    },
    withdraw: (...parts) => memory.withdraw(...parts),
  }
  const breaker = sharedCircuitBreaker({
    name: 'mail',
    instance,
    store,
    clock,
    minimumCalls: 4,
    openFor: '30s',
    syncEvery: '1s',
    ttl: '5s',
    onChange: (event) => events.push(event),
    onStoreError: (error) => errors.push(error),
    ...options,
  })
  const guarded = policy(breaker)
  return {
    breaker,
    events,
    errors,
    link,
    succeed: () => guarded(async () => 'fine').catch((error: unknown) => (error as { code?: string }).code),
    fail: async () => {
      // More than the successes that any test leaves in the window.
      for (let call = 0; call < 40; call++) await guarded(() => Promise.reject(down)).catch(() => {})
    },
  }
}

type Node = ReturnType<typeof node>

/** Seconds in which every one of these makes a call now and then. */
async function live(clock: SimulatedClock, nodes: readonly Node[], seconds: number): Promise<void> {
  for (let half = 0; half < seconds * 2; half++) {
    for (const { succeed } of nodes) await succeed()
    await clock.advanceBy(500)
  }
}

describe('sharedCircuitBreaker', () => {
  it('is open for one bad machine alone', async () => {
    const { clock, nodes } = fleet(3)
    const [bad, ...good] = nodes as [Node, ...Node[]]
    await live(clock, nodes, 2)
    await bad.fail()
    await live(clock, good, 3)
    expect(nodes.map(({ breaker }) => breaker.state)).toEqual(['open', 'closed', 'closed'])
    expect(await good[0]!.succeed()).toBe('fine')
  })

  it('with two machines, one cannot open it for the other', async () => {
    const { clock, nodes } = fleet(2)
    await live(clock, nodes, 2)
    await nodes[0]!.fail()
    await live(clock, [nodes[1]!], 3)
    expect(nodes[1]!.breaker.state).toBe('closed')
  })

  it('opens for all when a quorum sees it fail, and closes for all when they see it work', async () => {
    const { clock, nodes } = fleet(3)
    const [first, second, third] = nodes as [Node, Node, Node]
    await live(clock, nodes, 2)
    await first.fail()
    await second.fail()
    await live(clock, [third], 2)
    expect(third.breaker.state).toBe('open')
    expect(await third.succeed()).toBe('CORE_CIRCUIT_OPEN')
    expect(third.events).toEqual([{ name: 'mail', from: 'closed', to: 'open' }])
    await live(clock, nodes, 26)
    expect(third.breaker.state).toBe('open')
    await live(clock, nodes, 5)
    expect(nodes.map(({ breaker }) => breaker.state)).toEqual(['closed', 'closed', 'closed'])
    expect(await third.succeed()).toBe('fine')
    expect(third.events.at(-1)).toEqual({ name: 'mail', from: 'open', to: 'closed' })
  })

  it('counts live instances only: the votes of two that died run out', async () => {
    const { clock, nodes } = fleet(3)
    const [first, second, third] = nodes as [Node, Node, Node]
    await live(clock, nodes, 2)
    await first.fail()
    await second.fail()
    await live(clock, [third], 2)
    expect(third.breaker.state).toBe('open')
    first.link.state = second.link.state = 'down'
    await live(clock, [third], 7)
    expect(third.breaker.state).toBe('closed')
  })

  it.each(['down', 'silent'] as const)('in a partition (store %s) goes by what it sees itself', async (state) => {
    const { clock, nodes } = fleet(3)
    const [first, second, cut] = nodes as [Node, Node, Node]
    await live(clock, nodes, 2)
    await first.fail()
    await second.fail()
    await live(clock, [cut], 2)
    expect(cut.breaker.state).toBe('open')
    cut.link.state = state
    await live(clock, nodes, 6)
    expect(cut.breaker.state).toBe('closed')
    expect(await cut.succeed()).toBe('fine')
    expect(cut.errors.length).toBeGreaterThan(0)
    await cut.fail()
    expect(cut.breaker.state).toBe('open')
    cut.link.state = 'up'
    await live(clock, nodes, 40)
    expect(cut.breaker.state).toBe('closed')
  })

  it('never asks a store that does not answer twice at once', async () => {
    const { clock, nodes } = fleet(1)
    nodes[0]!.link.state = 'silent'
    await nodes[0]!.succeed()
    for (let call = 0; call < 50; call++) await nodes[0]!.succeed()
    expect(nodes[0]!.link.votes).toBe(1)
    await live(clock, nodes, 10)
    expect(nodes[0]!.link.votes).toBeLessThanOrEqual(11)
  })

  it('keeps its own counsel: an open circuit that it only heard of is not its vote', async () => {
    const { clock, memory, nodes } = fleet(3)
    await live(clock, nodes, 2)
    await nodes[0]!.fail()
    await nodes[1]!.fail()
    await live(clock, [nodes[2]!], 2)
    const tally = await memory.vote({ circuit: 'mail', instance: 'observer', open: false, ttl: 1 })
    expect(tally).toEqual({ live: 4, open: 2 })
  })

  it('does nothing before the first call, and rests when there are none', async () => {
    const { clock, nodes } = fleet(1)
    expect([clock.pending, nodes[0]!.link.votes]).toEqual([0, 0])
    await nodes[0]!.succeed()
    await clock.advanceBy('1m')
    const { votes } = nodes[0]!.link
    await clock.advanceBy('1h')
    expect([clock.pending, nodes[0]!.link.votes]).toEqual([0, votes])
  })

  it('takes its vote back when it is disposed of, and goes on by itself', async () => {
    const { clock, memory, nodes } = fleet(1)
    await nodes[0]!.fail()
    await clock.advanceBy(0)
    await nodes[0]!.breaker[Symbol.asyncDispose]()
    await nodes[0]!.breaker[Symbol.asyncDispose]()
    expect(await memory.vote({ circuit: 'mail', instance: 'x', open: false, ttl: 1 })).toEqual({ live: 1, open: 0 })
    expect(nodes[0]!.breaker.state).toBe('open')
    nodes[0]!.breaker.close()
    expect(await nodes[0]!.succeed()).toBe('fine')
    const { votes } = nodes[0]!.link
    await live(clock, nodes, 3)
    expect(nodes[0]!.link.votes).toBe(votes)
  })

  it('that was never used asks nothing when it is disposed of', async () => {
    const { nodes } = fleet(1)
    await nodes[0]!.breaker[Symbol.asyncDispose]()
    expect(nodes[0]!.link.votes).toBe(0)
  })

  it('opens and closes by hand', async () => {
    const { nodes } = fleet(1)
    nodes[0]!.breaker.open()
    expect(await nodes[0]!.succeed()).toBe('CORE_CIRCUIT_OPEN')
    nodes[0]!.breaker.close()
    expect(await nodes[0]!.succeed()).toBe('fine')
  })

  it.each([
    { quorum: 0 },
    { quorum: 1.1 },
    { quorum: Number.NaN },
    { minimumVotes: 0 },
    { minimumVotes: 1.5 },
    { syncEvery: 0 },
    { syncEvery: '5s', ttl: '5s' },
  ] as const)('refuses %o', (options) => {
    expect(() => fleet(1, options)).toThrow(expect.objectContaining({ code: 'CORE_POLICY_OPTION_INVALID' }))
  })
})
