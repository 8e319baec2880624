import { randomBelow, randomFraction, randomItem } from '../../random/draw.ts'
import type { Random } from '../../random/random.ts'
import { proxyFaultKinds, type ProxyDirection, type ProxyFault, type ProxyFaultKind } from './proxy-fault.ts'

/** Options of {@link randomProxyFaults}. */
export interface RandomProxyFaultOptions {
  /** How likely a connection has a fault, from 0 to 1. @default 0.5 */
  readonly probability?: number | undefined
  /** @default all kinds */
  readonly kinds?: readonly ProxyFaultKind[] | undefined
  /** @default both */
  readonly directions?: readonly ProxyDirection[] | undefined
  /** Faults that have a place lie before this byte of their direction. @default 4096 */
  readonly maximumBytes?: number | undefined
  /** The longest delay of a chunk. @default 50 */
  readonly maximumDelayMilliseconds?: number | undefined
}

/** What a connection's plan is made from. */
export interface ProxyConnectionContext {
  /** Connections are counted from 0 in the order they were accepted. */
  readonly index: number
  /** Chance of this connection alone, which follows from the proxy's seed and `index`. */
  readonly random: Random
}

/**
 * A plan for each connection: none, or one fault at a random place.
 *
 * @example
 * ```ts
 * import { randomProxyFaults, SeededRandom } from '@exprsn/core/testing'
 *
 * const plan = randomProxyFaults({ probability: 1, kinds: ['reset'] })
 * console.log(plan({ index: 0, random: new SeededRandom(1) })[0]?.kind) // reset
 * ```
 */
export function randomProxyFaults({
  probability = 0.5,
  kinds = proxyFaultKinds,
  directions = ['to-target', 'to-client'],
  maximumBytes = 4_096,
  maximumDelayMilliseconds = 50,
}: RandomProxyFaultOptions = {}): (connection: ProxyConnectionContext) => readonly ProxyFault[] {
  return ({ random }) => {
    if (randomFraction(random) >= probability) return []
    const kind = randomItem(random, kinds)
    const direction = randomItem(random, directions)
    if (kind === 'delay') return [{ kind, direction, milliseconds: 1 + randomBelow(random, maximumDelayMilliseconds) }]
    if (kind === 'throttle') return [{ kind, direction, bytesPerSecond: 512 * (1 + randomBelow(random, 128)) }]
    return [{ kind, direction, afterBytes: randomBelow(random, maximumBytes) }]
  }
}
